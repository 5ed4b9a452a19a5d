namespace MakeVideo.Contracts;

/// <summary>The frame of a finished video.</summary>
/// <param name="Width">Pixels, even.</param>
/// <param name="Height">Pixels, even.</param>
/// <param name="FramesPerSecond">Constant rate.</param>
[GenerateSerializer, Immutable, Alias("output-format")]
public sealed record OutputFormat(
    [property: Id(0)] int Width,
    [property: Id(1)] int Height,
    [property: Id(2)] int FramesPerSecond)
{
    /// <summary>All outputs run at 30 frames/s, as the replaced service's did.</summary>
    public const int DefaultFramesPerSecond = 30;

    /// <summary>The size that clients know for an aspect; <see cref="Quality.Preview"/> has the same shape with a short side of 360.</summary>
    public static OutputFormat For(AspectRatio aspect, Quality quality) => (aspect, quality) switch
    {
        (AspectRatio.Portrait9x16, Quality.Preview) => new(360, 640, DefaultFramesPerSecond),
        (AspectRatio.Landscape16x9, Quality.Preview) => new(640, 360, DefaultFramesPerSecond),
        (AspectRatio.Square1x1, Quality.Preview) => new(360, 360, DefaultFramesPerSecond),
        (AspectRatio.Portrait4x5, Quality.Preview) => new(360, 450, DefaultFramesPerSecond),
        (AspectRatio.Portrait9x16, _) => new(1080, 1920, DefaultFramesPerSecond),
        (AspectRatio.Landscape16x9, _) => new(1920, 1080, DefaultFramesPerSecond),
        (AspectRatio.Square1x1, _) => new(1080, 1080, DefaultFramesPerSecond),
        (AspectRatio.Portrait4x5, _) => new(1080, 1350, DefaultFramesPerSecond),
        _ => throw new ArgumentOutOfRangeException(nameof(aspect), aspect, "Unknown aspect ratio."),
    };
}
