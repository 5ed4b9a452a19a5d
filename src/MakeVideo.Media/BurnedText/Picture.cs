namespace MakeVideo.Media.BurnedText;

/// <summary>One frame.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Pixels">Row by row; red, green, blue, a byte each.</param>
internal sealed record Picture(int Width, int Height, byte[] Pixels);
