using System.Collections.Immutable;

namespace MakeVideo.Contracts;

/// <summary>A stretch of one clip in the output.</summary>
/// <param name="ClipPath">Absolute path of the vetted clip.</param>
/// <param name="ClipSha256">Lower-case hex; stands for the clip's bytes in the segment's name.</param>
/// <param name="SourceStart">Seconds into the clip.</param>
/// <param name="Frames">Output frames, at the output's rate.</param>
[GenerateSerializer, Immutable, Alias("slice")]
public sealed record Slice(
    [property: Id(0)] string ClipPath,
    [property: Id(1)] string ClipSha256,
    [property: Id(2)] double SourceStart,
    [property: Id(3)] int Frames);

/// <summary>All that shapes one segment: its name is the hash of this, the encoder's settings and ffmpeg's version.</summary>
/// <param name="Slices">In order of time; at least one.</param>
/// <param name="Format">Frame size and rate.</param>
/// <param name="Fit">How clips fill the frame.</param>
/// <param name="Crop">Which part survives a crop.</param>
/// <param name="Quality">Encoder effort.</param>
/// <param name="Captions">A whole ASS file, its times from the segment's first frame; null when nothing is said in it.</param>
[GenerateSerializer, Immutable, Alias("segment-spec")]
public sealed record SegmentSpec(
    [property: Id(0)] ImmutableArray<Slice> Slices,
    [property: Id(1)] OutputFormat Format,
    [property: Id(2)] FitMode Fit,
    [property: Id(3)] CropPosition Crop,
    [property: Id(4)] Quality Quality,
    [property: Id(5)] string? Captions)
{
    /// <summary>Output frames in the segment.</summary>
    public int Frames => Slices.Sum(slice => slice.Frames);
}

/// <summary>Where a segment stands, as its grain answers.</summary>
public enum SegmentStatus
{
    Rendering,
    Ready,
    Failed,
}

/// <summary>Answer of <see cref="ISegmentGrain.EnsureAsync"/>.</summary>
/// <param name="Status">Ready and Failed are final; otherwise ask again.</param>
/// <param name="Fraction">0 to 1 of the frames rendered.</param>
/// <param name="Reused">True when the file was there before anyone asked.</param>
/// <param name="Seconds">Wall seconds the render took; 0 when reused.</param>
/// <param name="Silo">Where it was rendered.</param>
/// <param name="Failure">Set when failed.</param>
/// <param name="InLine">Its silo has no slot for it yet.</param>
/// <param name="Blamed">SHA-256 of the clips that cannot be rendered alone either; null when nobody looked.</param>
[GenerateSerializer, Immutable, Alias("segment-answer")]
public sealed record SegmentAnswer(
    [property: Id(0)] SegmentStatus Status,
    [property: Id(1)] double Fraction,
    [property: Id(2)] bool Reused = false,
    [property: Id(3)] double Seconds = 0,
    [property: Id(4)] string? Silo = null,
    [property: Id(5)] JobFailure? Failure = null,
    [property: Id(6)] bool InLine = false,
    [property: Id(7)] ImmutableArray<string>? Blamed = null) : IItemAnswer
{
    /// <inheritdoc/>
    public bool AtWork => Status is SegmentStatus.Rendering && !InLine;
}

/// <summary>Work to render one segment.</summary>
/// <param name="Hash">The segment's name.</param>
/// <param name="Spec">What to render.</param>
/// <param name="JobId">On whose behalf.</param>
/// <param name="Epoch">The attempt; partial files live in its folder.</param>
/// <param name="Order">Job order: lower goes first for the silo's slots.</param>
/// <param name="LastTry">When it fails again, the clip at fault is to be found.</param>
[GenerateSerializer, Immutable, Alias("segment-order")]
public sealed record SegmentOrder(
    [property: Id(0)] string Hash,
    [property: Id(1)] SegmentSpec Spec,
    [property: Id(2)] string JobId,
    [property: Id(3)] int Epoch,
    [property: Id(4)] long Order,
    [property: Id(5)] bool LastTry = false);

/// <summary>Renders one segment under a slot of its silo. Key: <c>job id/segment hash</c>.</summary>
[Alias("segment-grain")]
public interface ISegmentGrain : IGrainWithStringKey
{
    /// <summary>Joins or starts the render; answers within 20 s, sooner when it is done. Safe to repeat.</summary>
    [Alias("ensure")]
    Task<SegmentAnswer> EnsureAsync(SegmentOrder order);

    /// <summary>Ends a render under way; its ffmpeg is gone when this returns.</summary>
    [Alias("stop")]
    Task StopAsync();
}
