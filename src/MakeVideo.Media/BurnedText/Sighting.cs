namespace MakeVideo.Media.BurnedText;

/// <summary>Text in one frame.</summary>
/// <param name="Frame">Index of the sampled frame.</param>
/// <param name="Box">Where.</param>
/// <param name="Profile">What, without reading it.</param>
internal sealed record Sighting(int Frame, TextBox Box, TextProfile Profile);
