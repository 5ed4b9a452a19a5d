using System.Text.RegularExpressions;
using MakeVideo.Contracts;
using MakeVideo.Grains.Clips;
using Microsoft.Extensions.Logging;

namespace MakeVideo.Grains.Cluster;

/// <summary>
/// What a process that was killed left on the disk: fetches that nobody will finish, and folders of vettings and transcriptions. Their names are taken
/// once, so age alone tells them from those of a living process. Folders of a job's attempts are the job's own to remove.
/// </summary>
internal sealed partial class Litter(TimeProvider clock, ILogger<Litter> logger)
{
    /// <summary>Nothing that lives leaves its files untouched for so long: a remote transcription, the slowest, has half an hour; the rest covers a clock that is an hour off.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromHours(2);

    /// <summary>Removes it; what cannot be removed is tried again the next time.</summary>
    /// <returns>Files and folders that went.</returns>
    public int Sweep(DataFolder data)
    {
        var oldest = clock.GetUtcNow().UtcDateTime - Age;
        var partials = Entries(data.Clips).Where(entry => entry is DirectoryInfo).SelectMany(source => Entries(source.FullName))
            .Where(entry => entry.Name.EndsWith(ClipFetch.PartialExtension, StringComparison.Ordinal) || entry.Name.StartsWith('.'));
        var folders = Entries(data.Vetting).Where(entry => entry is DirectoryInfo && Own().IsMatch(entry.Name));
        var gone = 0;
        foreach (var entry in partials.Concat(folders).Where(entry => LastWrite(entry) < oldest).ToList())
        {
            gone += Remove(entry) ? 1 : 0;
        }

        if (gone > 0)
        {
            LogSwept(gone);
        }

        return gone;
    }

    private static IEnumerable<FileSystemInfo> Entries(string folder) =>
        Directory.Exists(folder) ? new DirectoryInfo(folder).EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0 }) : [];

    /// <summary>Of a folder: of the youngest thing in it. What vanishes meanwhile, or may not be read, is left.</summary>
    private static DateTime LastWrite(FileSystemInfo entry)
    {
        try
        {
            return entry is DirectoryInfo folder
                ? folder.EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Select(inner => inner.LastWriteTimeUtc).Append(folder.LastWriteTimeUtc).Max()
                : entry.LastWriteTimeUtc;
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            return DateTime.MaxValue;
        }
    }

    private bool Remove(FileSystemInfo entry)
    {
        try
        {
            if (entry is DirectoryInfo folder)
            {
                folder.Delete(recursive: true);
            }
            else
            {
                entry.Delete();
            }

            return true;
        }
        catch (Exception left) when (left is IOException or UnauthorizedAccessException)
        {
            LogLeft(left, entry.FullName);
            return false;
        }
    }

    /// <summary>A vetting's folder, or one to listen in.</summary>
    [GeneratedRegex("^(listen-[0-9a-f]{16}-)?[0-9a-f]{32}$")]
    private static partial Regex Own();

    [LoggerMessage(LogLevel.Information, "{Count} files and folders of processes that were killed are removed")]
    private partial void LogSwept(int count);

    [LoggerMessage(LogLevel.Warning, "{Path} of a process that was killed could not be removed")]
    private partial void LogLeft(Exception failure, string path);
}
