using System.Security.Cryptography;
using MakeVideo.Contracts;
using Microsoft.AspNetCore.WebUtilities;

namespace MakeVideo.Gateway.Uploads;

/// <summary>A file that was streamed to disk.</summary>
/// <param name="Name">As the client called it; for people only.</param>
/// <param name="Sha256">Lower-case hex.</param>
/// <param name="Bytes">Size.</param>
internal sealed record UploadedFile(string Name, string Sha256, long Bytes)
{
    /// <summary>Ends the name of a file that is still being written.</summary>
    public const string PartialSuffix = ".part";

    /// <summary>Large enough that the disk sees few writes, small enough for a hundred uploads at once.</summary>
    private const int ChunkBytes = 128 * 1024;

    /// <summary>Writes a part to <paramref name="path"/> by way of a partial file, hashing and counting; refuses it as soon as a rule is broken.</summary>
    /// <param name="part">Its body is read to the end, or to the first broken rule.</param>
    /// <param name="path">Where the whole file appears.</param>
    /// <param name="name">The client's name for it.</param>
    /// <param name="rule">What is wrong with the bytes so far: their count, and the first of them; null while all is well.</param>
    /// <param name="cancellation">Ends it; the partial file stays for the caller to remove.</param>
    public static async Task<Outcome<UploadedFile>> ReceiveAsync(
        MultipartSection part, string path, string name, Func<long, ReadOnlyMemory<byte>, JobFailure?> rule, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var partial = path + PartialSuffix;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[ChunkBytes];
        long bytes = 0;
        await using (var file = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous))
        {
            int read;
            do
            {
                read = await FormParts.FillAsync(part, buffer, cancellation);
                var first = bytes == 0;
                bytes += read;
                if (rule(bytes, first ? buffer.AsMemory(0, read) : default) is { } broken)
                {
                    return broken;
                }

                hash.AppendData(buffer.AsSpan(0, read));
                await file.WriteAsync(buffer.AsMemory(0, read), cancellation);
            }
            while (read == buffer.Length);

            file.Flush(flushToDisk: true);
        }

        File.Move(partial, path, overwrite: true);
        return new UploadedFile(name, Convert.ToHexStringLower(hash.GetHashAndReset()), bytes);
    }
}
