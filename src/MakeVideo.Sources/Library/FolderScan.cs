using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using MakeVideo.Contracts;
using Microsoft.Extensions.Logging;

namespace MakeVideo.Sources.Library;

/// <summary>What one walk through a folder found.</summary>
/// <param name="Clips">Ordered by path, each file once.</param>
/// <param name="OtherFiles">Count of files that are no clips.</param>
internal sealed record ScannedLibrary(ImmutableArray<LibraryClip> Clips, int OtherFiles);

/// <summary>Finds the clips below a folder. What cannot be read costs itself only, and is logged.</summary>
internal sealed partial class FolderScan(ILogger<FolderScan> log)
{
    /// <summary>File name endings taken for clips. Whether they are is found out by probing.</summary>
    public static ImmutableArray<string> Extensions { get; } = [".mp4", ".mov", ".m4v", ".mkv", ".webm"];

    /// <summary>A library is listed in memory: a root folder given by mistake must not fill it.</summary>
    private const int MaxClips = 100_000;

    private const int MaxDepth = 64;
    private const int MaxTitle = 200;

    private static readonly EnumerationOptions Everything = new() { IgnoreInaccessible = false, AttributesToSkip = FileAttributes.None };

    /// <summary>
    /// Walks a folder depth first, names in ordinal order, hidden ones skipped; links are followed, but no folder and no file is seen twice, so
    /// circles end. The order of the file system plays no part.
    /// </summary>
    public ScannedLibrary Scan(string folder, CancellationToken cancellation)
    {
        var walk = new Walk(cancellation);
        if (CanonicalPath.Of(folder) is { } root)
        {
            Enter(walk, root, "", [], 0);
        }

        return new ScannedLibrary([.. walk.Clips.OrderBy(clip => clip.Order, StringComparer.Ordinal)], walk.OtherFiles);
    }

    private void Enter(Walk walk, string folder, string below, ImmutableArray<string> folders, int depth)
    {
        if (!walk.Seen.Add(folder) || depth > MaxDepth)
        {
            return;
        }

        FileSystemInfo[] entries;
        try
        {
            entries = new DirectoryInfo(folder).GetFileSystemInfos("*", Everything);
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            LogFolderUnreadable(folder, refused.Message);
            return;
        }

        // Links last: a file that is both here and linked to is known by its own name.
        foreach (var entry in entries.Where(entry => !entry.Name.StartsWith('.')).OrderBy(entry => entry.LinkTarget is null ? 0 : 1).ThenBy(entry => entry.Name, StringComparer.Ordinal))
        {
            walk.Cancellation.ThrowIfCancellationRequested();
            if (walk.Clips.Count >= MaxClips)
            {
                LogTooMany(MaxClips, folder);
                return;
            }

            if ((entry.LinkTarget is null ? entry.FullName : CanonicalPath.Of(entry.FullName)) is not { } path)
            {
                LogBrokenLink(entry.FullName);
            }
            else if (Directory.Exists(path))
            {
                Enter(walk, path, below + entry.Name + "/", folders.Add(entry.Name), depth + 1);
            }
            else if (!Extensions.Contains(Path.GetExtension(entry.Name), StringComparer.OrdinalIgnoreCase))
            {
                walk.OtherFiles++;
            }
            else if (walk.Seen.Add(path))
            {
                Take(walk, new FileInfo(path), entry, below, folders);
            }
        }
    }

    private void Take(Walk walk, FileInfo file, FileSystemInfo entry, string below, ImmutableArray<string> folders)
    {
        try
        {
            walk.Clips.Add(Describe(file, entry.Name, below, folders, FindSidecar(entry.FullName)));
        }
        catch (Exception gone) when (gone is UnauthorizedAccessException or IOException)
        {
            LogClipUnreadable(file.FullName, gone.Message);
        }
    }

    private static LibraryClip Describe(FileInfo file, string fileName, string below, ImmutableArray<string> folders, Sidecar sidecar)
    {
        var name = Path.GetFileNameWithoutExtension(fileName);
        ImmutableArray<string> named = [.. SearchWords.Of(name), .. SearchWords.Of(sidecar.Title ?? "")];
        ImmutableArray<string> tagged = [.. sidecar.Tags.SelectMany(SearchWords.Of)];
        ImmutableArray<string> foldered = [.. folders.SelectMany(SearchWords.Of)];
        return new LibraryClip(
            new ClipCandidate(LibraryClip.Source, LibraryClip.Id(file), file.FullName, sidecar.Title ?? OneLine.Of(name, MaxTitle), sidecar.Credit),
            below + fileName,
            Stems(named),
            Stems(tagged),
            Stems(foldered),
            [.. named.Concat(tagged).Concat(foldered).Distinct()]);
    }

    private static ImmutableHashSet<string> Stems(ImmutableArray<string> words) => [.. words.Select(SearchWords.Stem)];

    private Sidecar FindSidecar(string clip)
    {
        foreach (var path in (string[])[clip + ".json", Path.ChangeExtension(clip, ".json")])
        {
            try
            {
                if (File.Exists(path))
                {
                    return Sidecar.Read(path);
                }
            }
            catch (Exception broken) when (broken is JsonException or IOException or UnauthorizedAccessException)
            {
                LogSidecarBroken(path, OneLine.Of(broken.Message, MaxTitle));
            }
        }

        return Sidecar.None;
    }

    /// <summary>What a walk has seen so far.</summary>
    private sealed class Walk(CancellationToken cancellation)
    {
        public CancellationToken Cancellation { get; } = cancellation;

        public List<LibraryClip> Clips { get; } = [];

        public int OtherFiles { get; set; }

        public HashSet<string> Seen { get; } = new(StringComparer.Ordinal);
    }

    [LoggerMessage(LogLevel.Warning, "Folder {Folder} of the library cannot be read and is left out: {Reason}")]
    private partial void LogFolderUnreadable(string folder, string reason);

    [LoggerMessage(LogLevel.Warning, "Clip {Clip} cannot be looked at and is left out: {Reason}")]
    private partial void LogClipUnreadable(string clip, string reason);

    [LoggerMessage(LogLevel.Debug, "{Link} leads nowhere and is left out")]
    private partial void LogBrokenLink(string link);

    [LoggerMessage(LogLevel.Warning, "Sidecar {Sidecar} is ignored, its clip is not: {Reason}")]
    private partial void LogSidecarBroken(string sidecar, string reason);

    [LoggerMessage(LogLevel.Warning, "The library has more than {Most} clips; those from {Folder} on are left out")]
    private partial void LogTooMany(int most, string folder);
}
