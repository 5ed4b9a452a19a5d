using System.Collections.Immutable;

namespace MakeVideo.Contracts;

/// <summary>What a search for burned-in text found.</summary>
/// <param name="Score">0 to 1: how much what was found looks like text that changes in its place.</param>
/// <param name="Frames">Frames looked at.</param>
/// <param name="EndedEarly">The text was so clear that the rest of the clip was not looked at.</param>
/// <param name="Pictured">There is a picture of a frame with text, see <see cref="DataFolder.ClipThumbnail"/>.</param>
/// <param name="Boxes">Where the text stands that the score is of, at most <see cref="MostBoxes"/>.</param>
[GenerateSerializer, Immutable, Alias("text-finding")]
public sealed record TextFinding(
    [property: Id(0)] double Score,
    [property: Id(1)] int Frames,
    [property: Id(2)] bool EndedEarly,
    [property: Id(3)] bool Pictured,
    [property: Id(4)] ImmutableArray<TextFindingBox> Boxes)
{
    /// <summary>Enough to see the pattern; a clip's state stays under 2 KB.</summary>
    public const int MostBoxes = 12;
}

/// <summary>A line of text or a part of one.</summary>
/// <param name="At">Seconds into the clip.</param>
/// <param name="X">Left edge, in shares of the picture's width.</param>
/// <param name="Y">Upper edge, in shares of its height.</param>
/// <param name="Width">In shares of its width.</param>
/// <param name="Height">In shares of its height.</param>
/// <param name="Score">The detector's confidence, 0 to 1.</param>
[GenerateSerializer, Immutable, Alias("text-finding-box")]
public sealed record TextFindingBox(
    [property: Id(0)] double At,
    [property: Id(1)] double X,
    [property: Id(2)] double Y,
    [property: Id(3)] double Width,
    [property: Id(4)] double Height,
    [property: Id(5)] double Score);
