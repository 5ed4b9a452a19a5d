using System.Collections.Immutable;
using MakeVideo.Contracts;

namespace MakeVideo.Sources;

/// <summary>What to look for.</summary>
/// <param name="Text">The user's words.</param>
/// <param name="AnyClip">Offer everything: what matches first, then the rest.</param>
/// <param name="LibraryFolder">The folder library of this job; null when it has none.</param>
internal sealed record FootageQuery(string Text, bool AnyClip, string? LibraryFolder);

/// <summary>One page of a search.</summary>
/// <param name="Candidates">Best first, deterministic.</param>
/// <param name="Next">Token of the next page; null after the last.</param>
internal sealed record FootagePage(ImmutableArray<ClipCandidate> Candidates, string? Next);

/// <summary>A place that clips come from.</summary>
internal interface IFootageSource
{
    /// <summary>As in <see cref="ClipCandidate.Source"/>.</summary>
    string Name { get; }

    /// <summary>One page of candidates; NoClipMatches, LibraryMissing, LibraryEmpty as data.</summary>
    Task<Outcome<FootagePage>> SearchAsync(FootageQuery query, string? page, CancellationToken cancellation);

    /// <summary>
    /// Fetches one clip whole to <paramref name="target"/>, refusing more than <paramref name="maxBytes"/>. Value: sha256 of the bytes, lower-case hex.
    /// ClipMissing, ClipEmpty, ClipTooLarge, ClipUnreadable, DiskFull as data; whatever fails, nothing is left at the target.
    /// </summary>
    Task<Outcome<string>> FetchAsync(ClipCandidate clip, string target, long maxBytes, IProgress<double>? progress, CancellationToken cancellation);
}
