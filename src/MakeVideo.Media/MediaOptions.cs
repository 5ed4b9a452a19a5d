namespace MakeVideo.Media;

/// <summary>Which tools run, and how.</summary>
internal sealed record MediaOptions
{
    /// <summary>Program name or path.</summary>
    public string Ffmpeg { get; init; } = "ffmpeg";

    /// <summary>Program name or path.</summary>
    public string Ffprobe { get; init; } = "ffprobe";

    /// <summary>Family that captions ask for; another family's glyphs would have other widths.</summary>
    public string CaptionFont { get; init; } = "DejaVu Sans";
}
