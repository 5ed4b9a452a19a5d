using System.Collections.Immutable;
using MakeVideo.Contracts;
using MakeVideo.Sources.Http;

namespace MakeVideo.Sources;

/// <summary>One file of a clip that a host offers in several sizes.</summary>
/// <param name="Link">Absolute http or https address.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
internal sealed record HostedFile(string Link, int Width, int Height)
{
    // The outputs are 1080 pixels on their short side: more is only scaled away.
    private const int ShortSide = 1080;

    /// <summary>The smallest that fills the output, else the largest; null when none has a usable address.</summary>
    public static HostedFile? Best(IEnumerable<HostedFile> files)
    {
        ImmutableArray<HostedFile> usable = [.. files.Where(file => IsUsable(file.Link) && file is { Width: > 0, Height: > 0 }).OrderBy(file => Math.Min(file.Width, file.Height))];
        return usable.FirstOrDefault(file => Math.Min(file.Width, file.Height) >= ShortSide) ?? usable.LastOrDefault();
    }

    /// <summary>Whether an address that others gave is one that is called: plain http or https, without a user name in it.</summary>
    public static bool IsUsable(string link) => Uri.TryCreate(link, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 && link.Length <= 2048;

    /// <summary>Fetches the file of a candidate that <see cref="Best"/> chose.</summary>
    public static async Task<Outcome<string>> FetchAsync(UpstreamClient files, ClipCandidate clip, string target, long maxBytes, IProgress<double>? progress, CancellationToken cancellation) =>
        RemoteIds.Fits(clip.Id) && IsUsable(clip.Locator)
            ? await files.DownloadAsync(new(HttpMethod.Get, clip.Locator, JobStage.DownloadingShorts), target, maxBytes, progress, cancellation)
            : new JobFailure(FailureCodes.ClipMissing, JobStage.DownloadingShorts, $"A clip of {clip.Source} has no address that can be called.");
}
