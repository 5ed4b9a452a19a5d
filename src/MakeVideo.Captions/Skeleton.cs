using System.Collections.Immutable;
using MakeVideo.Contracts;

namespace MakeVideo.Captions;

/// <summary>Words shown together, in whole output frames.</summary>
/// <param name="Words">In order.</param>
/// <param name="Start">First frame.</param>
/// <param name="End">Frame after the last.</param>
internal sealed record Cue(ImmutableArray<Word> Words, int Start, int End);

internal static class Cues
{
    public static ImmutableArray<Cue> Build(Transcript transcript, CaptionStyle style, OutputFormat format, int frames) => throw new NotImplementedException();
}

internal sealed class AssTimeline
{
    /// <summary>One ASS for the whole timeline.</summary>
    public static AssTimeline Build(ImmutableArray<Cue> cues, CaptionStyle style, OutputFormat format) => throw new NotImplementedException();

    /// <summary>The whole timeline as an ASS file.</summary>
    public override string ToString() => throw new NotImplementedException();

    /// <summary>The ASS file of frames [first, first + count), times from its first frame; null when it shows nothing.</summary>
    public string? Cut(int first, int count) => throw new NotImplementedException();
}

internal static class SrtDocument
{
    public static string Write(ImmutableArray<Cue> cues, int framesPerSecond) => throw new NotImplementedException();
}
