using System.ComponentModel.DataAnnotations;
using MakeVideo.Contracts;

namespace MakeVideo.Media.BurnedText;

/// <summary>How closely clips are searched for text that was burned into them.</summary>
internal sealed record BurnedTextOptions
{
    /// <summary>Names the folder for every process of a machine or an image.</summary>
    private const string FolderVariable = "MAKEVIDEO_MODELS";

    /// <summary>False: no clip is looked at.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Folder that <c>config/fetch-models</c> filled.</summary>
    public string ModelFolder { get; init; } =
        Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder ? folder : Path.GetFullPath("models");

    /// <summary>A clip whose score reaches this is rejected; the replaced service's default.</summary>
    [Range(0.0, 1.0)]
    public double Threshold { get; init; } = 0.50;

    /// <summary>Frames looked at of each second; the replaced service's default. The shortest subtitle stands for about a second.</summary>
    [Range(0.1, 60.0)]
    public double FramesPerSecond { get; init; } = 3;

    /// <summary>Most frames of one clip; the replaced service's default. A longer clip is looked at as often in all, and so less often a second.</summary>
    [Range(2, 10_000)]
    public int MostFrames { get; init; } = 240;

    /// <summary>Pixels of a frame's longer side when it is looked at: captions of 1/40 of the height are found, in a third of the time that full size takes.</summary>
    [Range(64, 4096)]
    public int LongSide { get; init; } = 480;

    /// <summary>Whether a clip in which this was found is left out.</summary>
    public bool Rejects(TextFinding finding) => Enabled && finding.Score >= Threshold;
}
