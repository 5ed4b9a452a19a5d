using System.ComponentModel.DataAnnotations;

namespace MakeVideo.Gateway.Limits;

/// <summary>How much is taken in at once. The defaults leave a machine of two cores answering within milliseconds; a larger one may want more.</summary>
internal sealed class LimitOptions
{
    /// <summary>Section of the configuration: <c>MAKEVIDEO_Limits__QueuedJobs=500</c>.</summary>
    public const string Section = "Limits";

    /// <summary>Requests of one key, or of one address without a key, in a second. A page that shows a hundred jobs asks for tens; ten times that is a mistake.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerSecond { get; set; } = 500;

    /// <summary>Requests at once after a pause.</summary>
    [Range(1, 1_000_000)]
    public int RequestBurst { get; set; } = 1000;

    /// <summary>Uploads at once, in all: each has a buffer of 128 KB and a decode after it.</summary>
    [Range(1, 10_000)]
    public int Uploads { get; set; } = 32;

    /// <summary>Uploads of one caller at once, so that one cannot take all.</summary>
    [Range(1, 10_000)]
    public int UploadsOfOne { get; set; } = 16;

    /// <summary>Uploads that wait for others to end, of one caller and in all: their bodies are not read meanwhile, and cost nothing but a connection.</summary>
    [Range(0, 10_000)]
    public int UploadsWaiting { get; set; } = 128;

    /// <summary>Jobs in line in the whole cluster. Each is a grain that asks every few seconds: ten thousand would keep a silo busy with asking.</summary>
    [Range(1, 1_000_000)]
    public int QueuedJobs { get; set; } = 2000;

    /// <summary>How long the line may take to work off, at the cluster's own pace: nobody is helped by a video of the day after tomorrow.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Jobs of one owner that are not over. Turns are shared fairly; this bounds what one owner's mistake fills the disk with.</summary>
    [Range(1, 1_000_000)]
    public int JobsOfOne { get; set; } = 500;

    /// <summary>Bytes that must be free for new jobs; work under way may use them. A one-hour job at full size needs about this much.</summary>
    [Range(0, long.MaxValue)]
    public long FreeBytes { get; set; } = 2L << 30;

    /// <summary>On a small volume this share of it is enough.</summary>
    [Range(0, 1)]
    public double FreeShare { get; set; } = 0.05;
}
