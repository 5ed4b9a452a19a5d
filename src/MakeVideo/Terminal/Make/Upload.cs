using System.Security.Cryptography;

namespace MakeVideo.Terminal.Make;

/// <summary>Copies a file whole: hashed on the way, flushed, then renamed into place.</summary>
internal static class Upload
{
    /// <summary>Lower-case hex of the SHA-256 of what was copied.</summary>
    public static async Task<string> CopyAsync(string source, string target, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var partial = $"{target}.{Guid.NewGuid():N}.part";
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using (var from = File.OpenRead(source))
            await using (var to = new FileStream(partial, FileMode.CreateNew, FileAccess.Write))
            {
                var buffer = new byte[1 << 17];
                int read;
                while ((read = await from.ReadAsync(buffer, cancellation)) > 0)
                {
                    hash.AppendData(buffer.AsSpan(0, read));
                    await to.WriteAsync(buffer.AsMemory(0, read), cancellation);
                }

                to.Flush(flushToDisk: true);
            }

            File.Move(partial, target, overwrite: true);
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        finally
        {
            File.Delete(partial);
        }
    }
}

/// <summary>Brings a published video to where the user wants it.</summary>
internal static class Delivery
{
    /// <summary>Copies the video to <paramref name="target"/> and the subtitles beside it; null when both are there.</summary>
    public static async Task<Contracts.JobFailure?> CopyAsync(Contracts.DataFolder data, string jobId, int epoch, string target)
    {
        // The video first: when there is no room for it, no subtitles stand alone.
        var (from, to) = (data.Video(jobId, epoch), target);
        try
        {
            await Upload.CopyAsync(from, to, CancellationToken.None);
            (from, to) = (data.Subtitles(jobId, epoch), Path.ChangeExtension(target, ".srt"));
            await Upload.CopyAsync(from, to, CancellationToken.None);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // .NET adds the name of the partial file, which says nothing to anybody.
            var why = failure.Message.ReplaceLineEndings(" ").Split(" : '")[0].TrimEnd('.');
            return new(Contracts.FailureCodes.OutputNotWritable, null, $"The video is made, but {to} could not be written: {why}. Make room, then copy it from {from}");
        }
    }
}
