using System.Collections.Immutable;
using System.Globalization;
using MakeVideo.Contracts;

namespace MakeVideo.Sources.Library;

/// <summary>A folder of the user's own clips, searched by the words of their names, folders and sidecars.</summary>
internal sealed class FolderLibrary(FolderScan scan, TimeProvider clock) : IFootageSource
{
    public const int PageSize = 50;

    /// <summary>Later pages are cut from the list that the first was, while it is this young: a walk a page would read a big library again and again.</summary>
    private static readonly TimeSpan ListingKept = TimeSpan.FromMinutes(5);

    private volatile Listing? latest;

    public string Name => LibraryClip.Source;

    /// <summary>Clips that share a word with the query, best first, ties by path; with <see cref="FootageQuery.AnyClip"/> the others follow, by path.</summary>
    public async Task<Outcome<FootagePage>> SearchAsync(FootageQuery query, string? page, CancellationToken cancellation)
    {
        var first = 0;
        if (page is not null && !int.TryParse(page, NumberStyles.None, CultureInfo.InvariantCulture, out first))
        {
            return new JobFailure(FailureCodes.InvalidRequest, JobStage.FetchingShorts, $"“{OneLine.Of(page, 40)}” is no page of a library; ask with the token of the page before.");
        }

        if (string.IsNullOrWhiteSpace(query.LibraryFolder))
        {
            return LibraryMessages.NotGiven();
        }

        var folder = Path.GetFullPath(query.LibraryFolder);
        if (!Directory.Exists(folder))
        {
            return LibraryMessages.NotThere(folder, File.Exists(folder));
        }

        var library = await ListAsync(folder, fresh: page is null, cancellation);
        if (library.Clips.IsEmpty)
        {
            return LibraryMessages.Empty(folder, library.OtherFiles);
        }

        var ranked = Rank(library.Clips, query);
        if (ranked.IsEmpty)
        {
            return LibraryMessages.NothingMatches(query.Text, folder, library.Clips);
        }

        var next = Math.Min(ranked.Length, (long)first + PageSize);
        return new FootagePage(
            [.. ranked.Skip(first).Take(PageSize).Select(clip => clip.Candidate)],
            next < ranked.Length ? next.ToString(CultureInfo.InvariantCulture) : null);
    }

    public Task<Outcome<string>> FetchAsync(ClipCandidate clip, string target, long maxBytes, IProgress<double>? progress, CancellationToken cancellation) =>
        ClipCopy.CopyAsync(clip, target, maxBytes, progress, cancellation);

    private static ImmutableArray<LibraryClip> Rank(ImmutableArray<LibraryClip> clips, FootageQuery query)
    {
        ImmutableArray<string> stems = [.. SearchWords.Of(query.Text).Select(SearchWords.Stem).Distinct()];
        return [.. clips
            .Select(clip => (Clip: clip, Score: clip.Score(stems)))
            .Where(scored => scored.Score > 0 || query.AnyClip)
            .OrderByDescending(scored => scored.Score)
            .ThenBy(scored => scored.Clip.Order, StringComparer.Ordinal)
            .Select(scored => scored.Clip)];
    }

    // The walk blocks on the disk: not on the caller's scheduler, which may be a grain's.
    private async Task<ScannedLibrary> ListAsync(string folder, bool fresh, CancellationToken cancellation)
    {
        var now = clock.GetTimestamp();
        if (!fresh && latest is { } kept && kept.Folder == folder && clock.GetElapsedTime(kept.Taken, now) < ListingKept)
        {
            return kept.Library;
        }

        var library = await Task.Run(() => scan.Scan(folder, cancellation), cancellation);
        latest = new Listing(folder, now, library);
        return library;
    }

    private sealed record Listing(string Folder, long Taken, ScannedLibrary Library);
}
