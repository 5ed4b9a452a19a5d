using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace MakeVideo.Gateway.Uploads;

/// <summary>
/// The parts of a multipart body as they come. All that the client's side does wrong (a body cut short, headers too long) leaves as
/// <see cref="BadHttpRequestException"/>, so that every other <see cref="IOException"/> is the disk's.
/// </summary>
internal sealed class FormParts(string boundary, Stream body)
{
    private const int MostHeaders = 16;
    private const int MostHeaderBytes = 8192;

    private readonly MultipartReader _reader = new(boundary, body) { HeadersCountLimit = MostHeaders, HeadersLengthLimit = MostHeaderBytes };

    /// <summary>The next part; null after the last.</summary>
    public async Task<MultipartSection?> NextAsync(CancellationToken cancellation)
    {
        try
        {
            return await _reader.ReadNextSectionAsync(cancellation);
        }
        catch (Exception failure) when (IsClients(failure))
        {
            throw Malformed(failure);
        }
    }

    /// <summary>Fills the buffer as far as the part's bytes go; fewer than its length only at the part's end.</summary>
    public static async Task<int> FillAsync(MultipartSection part, Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            return await part.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        }
        catch (Exception failure) when (IsClients(failure))
        {
            throw Malformed(failure);
        }
    }

    private static bool IsClients(Exception failure) => failure is IOException and not BadHttpRequestException or InvalidDataException;

    private static BadHttpRequestException Malformed(Exception failure) =>
        new("its multipart form ends before the last boundary, or a part's headers are too long", StatusCodes.Status400BadRequest, failure);
}
