using System.Collections.Immutable;
using MakeVideo.Contracts;

namespace MakeVideo.Captions;

/// <summary>Words shown together on one line, in whole output frames.</summary>
/// <param name="Words">In order, at least one; their text is clean (<see cref="CaptionText.Clean"/>).</param>
/// <param name="Start">First frame.</param>
/// <param name="End">Frame after the last.</param>
internal sealed record Cue(ImmutableArray<Word> Words, int Start, int End)
{
    /// <summary>The words as one line, with spaces where their script has them.</summary>
    public string Text => CaptionText.Join(Words);
}
