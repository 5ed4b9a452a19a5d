using System.Collections.Immutable;

namespace MakeVideo.Contracts;

/// <summary>A clip that a source offers for a query.</summary>
/// <param name="Source">Name of the source: <c>library</c>, <c>youtube</c>, <c>pexels</c>, <c>pixabay</c>, <c>yt-dlp</c>.</param>
/// <param name="Id">Identifies the clip and its present content within the source; <c>^[A-Za-z0-9_-]{1,64}$</c>.</param>
/// <param name="Locator">What the source needs to fetch it: a path, an address.</param>
/// <param name="Title">For people.</param>
/// <param name="Credit">Whose it is; null where the source does not say.</param>
/// <param name="Page">Address of the page that shows it to people; null where there is none.</param>
/// <param name="Licence">Under what it may be used, in the source's words; null where it does not say.</param>
/// <param name="Seconds">How long the source says that it is: a hint, never a length to plan with; null where it does not say.</param>
[GenerateSerializer, Immutable, Alias("clip-candidate")]
public sealed record ClipCandidate(
    [property: Id(0)] string Source,
    [property: Id(1)] string Id,
    [property: Id(2)] string Locator,
    [property: Id(3)] string Title,
    [property: Id(4)] string? Credit = null,
    [property: Id(5)] string? Page = null,
    [property: Id(6)] string? Licence = null,
    [property: Id(7)] double? Seconds = null);

/// <summary>What a probe and a decode of a clip's ends showed.</summary>
/// <param name="Width">Pixels, upright: after the rotation that the file asks for.</param>
/// <param name="Height">Pixels, upright.</param>
/// <param name="Duration">Seconds of video that really decode, not what a header says.</param>
/// <param name="FramesPerSecond">Average rate.</param>
/// <param name="Codec">ffmpeg's name of the video codec.</param>
/// <param name="PixelFormat">ffmpeg's name of the pixel format.</param>
[GenerateSerializer, Immutable, Alias("clip-facts")]
public sealed record ClipFacts(
    [property: Id(0)] int Width,
    [property: Id(1)] int Height,
    [property: Id(2)] double Duration,
    [property: Id(3)] double FramesPerSecond,
    [property: Id(4)] string Codec,
    [property: Id(5)] string PixelFormat);

/// <summary>A clip that is whole, vetted and on disk.</summary>
/// <param name="Candidate">Where it came from.</param>
/// <param name="Path">Absolute path below <see cref="DataFolder.Clips"/>.</param>
/// <param name="Sha256">Lower-case hex of the file's bytes.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="Facts">What the probe read.</param>
[GenerateSerializer, Immutable, Alias("ready-clip")]
public sealed record ReadyClip(
    [property: Id(0)] ClipCandidate Candidate,
    [property: Id(1)] string Path,
    [property: Id(2)] string Sha256,
    [property: Id(3)] long Bytes,
    [property: Id(4)] ClipFacts Facts);

/// <summary>Where a clip stands, as its grain answers.</summary>
public enum ClipStatus
{
    Missing,
    Fetching,
    Ready,
    Rejected,
}

/// <summary>Answer of <see cref="IClipGrain.EnsureAsync"/>.</summary>
/// <param name="Status">Ready and Rejected are final; otherwise ask again.</param>
/// <param name="Fraction">0 to 1 of the work under way.</param>
/// <param name="Clip">Set when ready.</param>
/// <param name="Rejection">Set when rejected: why.</param>
/// <param name="Silo">Where the work is done.</param>
/// <param name="Seconds">Wall seconds that it took; 0 when it was there.</param>
/// <param name="InLine">Its silo has no slot for it yet.</param>
[GenerateSerializer, Immutable, Alias("clip-answer")]
public sealed record ClipAnswer(
    [property: Id(0)] ClipStatus Status,
    [property: Id(1)] double Fraction,
    [property: Id(2)] ReadyClip? Clip = null,
    [property: Id(3)] JobFailure? Rejection = null,
    [property: Id(4)] string? Silo = null,
    [property: Id(5)] double Seconds = 0,
    [property: Id(6)] bool InLine = false) : IItemAnswer
{
    /// <inheritdoc/>
    public bool AtWork => Status is ClipStatus.Fetching && !InLine;
}

/// <summary>One clip of one source, fetched and vetted once for the whole cluster. Key: <c>source/clip id</c>.</summary>
[Alias("clip-grain")]
public interface IClipGrain : IGrainWithStringKey
{
    /// <summary>Joins or starts the fetch; answers within 20 s, sooner when it is done. Safe to repeat.</summary>
    /// <param name="candidate">What to fetch.</param>
    /// <param name="jobId">On whose behalf.</param>
    /// <param name="order">Job order: lower goes first for the silo's slots.</param>
    [Alias("ensure")]
    Task<ClipAnswer> EnsureAsync(ClipCandidate candidate, string jobId, long order);

    /// <summary>The job wants the clip no more; when no other does, the fetch has ended when this returns.</summary>
    [Alias("leave")]
    Task LeaveAsync(string jobId);

    /// <summary>Ends a fetch that hangs, for every job that waits for it: whoever asks next starts anew.</summary>
    [Alias("stop")]
    Task StopAsync();

    /// <summary>What is known of the clip; null when nothing is.</summary>
    [Alias("get")]
    Task<ClipView?> GetAsync();

    /// <summary>A job cannot render the clip: when its file is as it was vetted, it is rejected for a while. False when the file is to blame, which the next <see cref="EnsureAsync"/> fetches again.</summary>
    [Alias("condemn")]
    Task<bool> CondemnAsync(JobFailure why);

    /// <summary>An operator's decision; it stands until the next. Null when nothing is known of the clip.</summary>
    [Alias("rule")]
    Task<ClipView?> RuleAsync(ClipRuling ruling);

    /// <summary>Makes the picture at <see cref="DataFolder.ClipStill"/>, unless it is there; false when the clip's file is not, or gives none.</summary>
    [Alias("picture")]
    Task<bool> PictureAsync();

    /// <summary>Deletes the clip's file unless an active job needs it; false when it stays. The clip is fetched again when it is wanted again.</summary>
    [Alias("evict")]
    Task<bool> EvictAsync();
}

/// <summary>What clips are called in addresses and in grain keys.</summary>
public static partial class ClipIds
{
    /// <summary>True for <c>^[A-Za-z0-9_-]{1,64}$</c>: nothing else ever becomes part of a path.</summary>
    public static bool IsValid(string? part) => part is not null && Pattern().IsMatch(part);

    [System.Text.RegularExpressions.GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z")]
    private static partial System.Text.RegularExpressions.Regex Pattern();
}
