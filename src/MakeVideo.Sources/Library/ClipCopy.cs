using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using MakeVideo.Contracts;

namespace MakeVideo.Sources.Library;

/// <summary>Copies a clip out of a library while hashing it.</summary>
internal static class ClipCopy
{
    private const int BufferBytes = 256 * 1024;

    /// <summary>Copies, flushes to disk, and answers the sha256 of the bytes copied; whatever fails, nothing is left at the target.</summary>
    public static async Task<Outcome<string>> CopyAsync(ClipCandidate clip, string target, long maxBytes, IProgress<double>? progress, CancellationToken cancellation)
    {
        if (Open(clip, maxBytes, out var file) is { } refused)
        {
            return refused;
        }

        var kept = false;
        try
        {
            await using (file)
            {
                var copied = await CopyAsync(clip, file!, target, progress, cancellation);
                kept = !copied.Failed;
                return copied;
            }
        }
        catch (IOException full) when (FullDisk.Is(full))
        {
            return Failure(clip, FailureCodes.DiskFull, $"no space is left for its copy at {target}; free some, then resume the job", retryable: true);
        }
        finally
        {
            if (!kept)
            {
                File.Delete(target);
            }
        }
    }

    private static JobFailure? Open(ClipCandidate clip, long maxBytes, out FileStream? file)
    {
        file = null;
        var found = new FileInfo(clip.Locator);
        if (!found.Exists)
        {
            return Failure(clip, FailureCodes.ClipMissing, Directory.Exists(clip.Locator) ? "it is a folder now" : "it is gone");
        }

        // Checked before opening: what is no regular file (a pipe, a device) has no length, and opening it could wait for ever.
        if (found.Length == 0)
        {
            return Failure(clip, FailureCodes.ClipEmpty, "the file has 0 bytes");
        }

        if (found.Length > maxBytes)
        {
            return Failure(clip, FailureCodes.ClipTooLarge, string.Create(CultureInfo.InvariantCulture, $"{found.Length} bytes are over the limit of {maxBytes}"));
        }

        // The id binds path, size and time of change: a file that differs is not the clip that was chosen.
        if (LibraryClip.Id(found) != clip.Id)
        {
            return Changed(clip, "it changed after it was found");
        }

        try
        {
            file = new FileStream(clip.Locator, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
            if (file.Length == found.Length)
            {
                return null;
            }

            file.Dispose();
            return Changed(clip, "it is being written");
        }
        catch (Exception refused) when (refused is FileNotFoundException or DirectoryNotFoundException)
        {
            return Failure(clip, FailureCodes.ClipMissing, "it is gone");
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            return Failure(clip, FailureCodes.ClipUnreadable, $"{OneLine.Of(refused.Message, 200)} Check who may read it");
        }
    }

    private static async Task<Outcome<string>> CopyAsync(ClipCandidate clip, FileStream file, string target, IProgress<double>? progress, CancellationToken cancellation)
    {
        await using var copy = new FileStream(target, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.Asynchronous);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var expected = file.Length;
            long copied = 0;
            while (copied <= expected)
            {
                int read;
                try
                {
                    read = await file.ReadAsync(buffer, cancellation);
                }
                catch (IOException broken)
                {
                    return Failure(clip, FailureCodes.ClipUnreadable, $"reading stopped after {copied.ToString(CultureInfo.InvariantCulture)} bytes: {OneLine.Of(broken.Message, 200)}");
                }

                if (read == 0)
                {
                    break;
                }

                hash.AppendData(buffer, 0, read);
                await copy.WriteAsync(buffer.AsMemory(0, read), cancellation);
                copied += read;
                progress?.Report(Math.Min(1, (double)copied / expected));
            }

            if (copied != expected || LibraryClip.Id(new FileInfo(clip.Locator)) != clip.Id)
            {
                return Changed(clip, "it changed while it was copied");
            }

            copy.Flush(flushToDisk: true);
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        catch (FileNotFoundException)
        {
            return Failure(clip, FailureCodes.ClipMissing, "it was removed while it was copied");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static JobFailure Changed(ClipCandidate clip, string what) => Failure(clip, FailureCodes.ClipMissing, $"{what}; search again when it is whole");

    private static JobFailure Failure(ClipCandidate clip, string code, string what, bool retryable = false) =>
        new(code, JobStage.DownloadingShorts, $"The clip {OneLine.Of(clip.Locator, 300)} cannot be used: {what}.", retryable);
}
