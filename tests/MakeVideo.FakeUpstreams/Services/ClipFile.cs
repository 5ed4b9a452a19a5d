using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace MakeVideo.FakeUpstreams.Services;

internal static class ClipFile
{
    /// <summary>Sends a clip, or the range of it that is asked for.</summary>
    public static async Task SendAsync(HttpContext context, OfferedClip clip)
    {
        var bytes = Material.Bytes(clip);
        var (from, response) = (0L, context.Response);
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\"");
        response.Headers.ETag = tag.ToString();
        response.Headers.AcceptRanges = "bytes";
        response.ContentType = "video/mp4";
        if (context.Request.GetTypedHeaders().Range?.Ranges.SingleOrDefault() is { From: { } start, To: null } && context.Request.Headers.IfRange.FirstOrDefault() is var version && (version is null || version == tag.ToString()))
        {
            if (start >= bytes.Length)
            {
                response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
                return;
            }

            from = start;
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = $"bytes {from}-{bytes.Length - 1}/{bytes.Length}";
        }

        response.ContentLength = bytes.Length - from;
        await response.Body.WriteAsync(bytes.AsMemory((int)from), context.RequestAborted);
    }
}
