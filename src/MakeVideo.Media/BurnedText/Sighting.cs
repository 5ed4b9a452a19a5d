namespace MakeVideo.Media.BurnedText;

/// <summary>A line of text in one frame.</summary>
/// <param name="Frame">Index of the sampled frame.</param>
/// <param name="Box">Where.</param>
/// <param name="Word">The widest of the boxes that make the line.</param>
/// <param name="Profile">What, without reading it.</param>
internal sealed record Sighting(int Frame, TextBox Box, TextBox Word, TextProfile Profile);
