namespace MakeVideo.Media.BurnedText;

/// <summary>Where text seems to stand in one frame, in pixels of the sampled frame.</summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Upper edge.</param>
/// <param name="Width">Of the box.</param>
/// <param name="Height">Of the box: one line of text.</param>
/// <param name="Score">The detector's mean probability within it, 0 to 1.</param>
internal readonly record struct TextBox(int X, int Y, int Width, int Height, float Score)
{
    public int Right => X + Width;

    public int Bottom => Y + Height;

    public double CentreX => X + (Width / 2.0);

    public double CentreY => Y + (Height / 2.0);
}
