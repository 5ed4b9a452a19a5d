using System.Globalization;
using System.Net;
using MakeVideo.Contracts;

namespace MakeVideo.Sources.Http;

/// <summary>The attempts of one download: each goes on where the last broke, if the server can tell that it is still the same file.</summary>
internal sealed class BodyDownload(UpstreamClient client, UpstreamRequest request, PartialFile file, long maxBytes, IProgress<double>? progress, TimeProvider clock)
{
    private const int BufferBytes = 128 * 1024;

    /// <summary>The request of the next attempt.</summary>
    public UpstreamRequest Next() => file is { Length: > 0, Version: { } version }
        ? request with { Headers = [.. request.Headers, ("Accept-Encoding", "identity"), ("Range", string.Create(CultureInfo.InvariantCulture, $"bytes={file.Length}-")), ("If-Range", version)] }
        : request with { Headers = [.. request.Headers, ("Accept-Encoding", "identity")] };

    /// <summary>Adds what an answer brings.</summary>
    public async Task<Attempt> ReadAsync(HttpResponseMessage response, UpstreamPermit permit, CancellationToken cancellation)
    {
        switch (response.StatusCode)
        {
            case HttpStatusCode.PartialContent when response.Content.Headers.ContentRange is { From: { } from } && from == file.Length:
                break;
            case HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable:
                file.Restart();
                return Attempt.Later(Broken("it was sent from another place than asked for"));
            case HttpStatusCode.NotFound or HttpStatusCode.Gone:
                return Attempt.Final(Failure(FailureCodes.ClipMissing, "the upstream has it no more", retryable: false));
            default:
                if (client.Judge(request, response) is { } failed)
                {
                    return failed;
                }

                file.Restart();
                break;
        }

        file.Remember(response);
        try
        {
            return await CopyAsync(response, permit, cancellation);
        }
        catch (BrokenBodyException broken)
        {
            return Attempt.Later(Broken(broken.Message));
        }
        catch (BodyTooLargeException large)
        {
            return Attempt.Final(Failure(FailureCodes.ClipTooLarge, large.Message, retryable: false));
        }
    }

    private async Task<Attempt> CopyAsync(HttpResponseMessage response, UpstreamPermit permit, CancellationToken cancellation)
    {
        var encoded = response.Content.Headers.ContentEncoding.Count > 0;
        var whole = encoded ? null : response.Content.Headers.ContentRange?.Length ?? response.Content.Headers.ContentLength + file.Length;
        if (encoded && file.Length > 0)
        {
            file.Restart();
            return Attempt.Later(Broken("a part of it was sent encoded"));
        }

        await using var body = await BoundedBody.OpenAsync(response.Content, client.Options.Timeouts, maxBytes - file.Length, clock, cancellation);
        var buffer = new byte[BufferBytes];
        while (await body.ReadAsync(buffer, cancellation) is var read and > 0)
        {
            if (file.Length == 0 && IsPage(response, buffer.AsSpan(0, read)))
            {
                return Attempt.Final(Failure(FailureCodes.ClipUnreadable, "a web page came instead of a video", retryable: true));
            }

            await file.AddAsync(buffer.AsMemory(0, read), cancellation);
            await permit.KeepAsync();
            if (whole > 0)
            {
                progress?.Report(Math.Min(1, (double)file.Length / whole.Value));
            }
        }

        return whole is { } expected && file.Length != expected ? Attempt.Later(Broken(string.Create(CultureInfo.InvariantCulture, $"{file.Length} bytes of {expected} came")))
            : file.Length == 0 ? Attempt.Final(Failure(FailureCodes.ClipEmpty, "0 bytes came", retryable: true))
            : Attempt.Done;
    }

    // An error page, a login, a captive portal. What else is no video is the probe's to find.
    private static bool IsPage(HttpResponseMessage response, ReadOnlySpan<byte> start)
    {
        if (response.Content.Headers.ContentType?.MediaType is { } type && (type.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || type.EndsWith("/json", StringComparison.OrdinalIgnoreCase)))
        {
            return true;
        }

        // White space and a byte order mark.
        var text = start.TrimStart<byte>([0x20, 0x09, 0x0D, 0x0A, 0xEF, 0xBB, 0xBF]);
        return text.StartsWith("<"u8) || text.StartsWith("{\""u8);
    }

    private JobFailure Broken(string why) => Failure(FailureCodes.ClipUnreadable, why, retryable: true);

    private JobFailure Failure(string code, string why, bool retryable) => new(code, request.Stage, $"A clip of {client.Options.Name} cannot be used: {why}.", retryable);
}
