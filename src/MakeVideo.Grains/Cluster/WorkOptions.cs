namespace MakeVideo.Grains.Cluster;

/// <summary>How much work runs at once, and the numbers of one job.</summary>
internal sealed record WorkOptions
{
    /// <summary>Pieces of work (a clip check, a transcription, a segment) at once on this silo. One per core: each fills one.</summary>
    public int Slots { get; init; } = Environment.ProcessorCount;

    /// <summary>Jobs at work at once in the cluster. Null: two for each slot, at least four (as many as the replaced service's workers took), so that no slot waits while one job joins its segments.</summary>
    public int? ActiveJobs { get; init; }

    /// <summary>How many jobs may work with so many slots in the cluster.</summary>
    public int ActiveJobsWith(int slots) => ActiveJobs ?? Math.Max(4, 2 * slots);

    /// <summary>Silence after the last word, seconds, as in the replaced service (VIDEO_TRIM_PADDING_MS).</summary>
    public double Padding { get; init; } = 1.0;

    /// <summary>Most bytes of one clip. Short clips are a few tens of MB; this leaves room for camera originals.</summary>
    public long MaxClipBytes { get; init; } = 2L << 30;

    /// <summary>How long an item's answer may keep its caller waiting: short enough for live progress, long enough to be cheap.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Clips of one job under way at once; more would fetch footage that nobody needs.</summary>
    public int ClipsAtOnce { get; init; } = 4;

    /// <summary>Segments of one job asked for at once, cluster-wide; bounds the long polls of an hour's job.</summary>
    public int SegmentsAtOnce { get; init; } = 32;

    /// <summary>Times a segment is tried before it fails the job: a crash may be chance once, not twice.</summary>
    public int SegmentAttempts { get; init; } = 2;
}
