using System.ComponentModel.DataAnnotations;

namespace MakeVideo.Grains.Clips;

/// <summary>How much of the disk clips may take, and for how long.</summary>
internal sealed record ClipCacheOptions
{
    /// <summary>Bytes; the replaced service's 50 GB. What active jobs need stays, even above it.</summary>
    [Range(1L, long.MaxValue)]
    public long MostBytes { get; init; } = 50_000_000_000;

    /// <summary>A clip that no job has used for so long goes; the replaced service's 30 days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "10000.00:00:00")]
    public TimeSpan UnusedFor { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Room is made down to this share of the limit, so that not every clip that comes has to wait for one that goes.</summary>
    [Range(0.1, 1.0)]
    public double Down { get; init; } = 0.95;
}
