using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using MakeVideo.Contracts;

namespace MakeVideo.Grains.Cluster;

/// <summary>What <see cref="CensusTaker"/> found last, for the metrics; nothing is told before it looked.</summary>
internal sealed class Census
{
    private const string OnDisk = "data";

    /// <summary>The last look at the store.</summary>
    public JobCensus? Seen { get; set; }

    /// <summary>The last look at the disk.</summary>
    public StorageCensus? Disk { get; set; }

    public IEnumerable<Measurement<long>> Jobs() => Seen is { } seen ? seen.Jobs.Select(entry => new Measurement<long>(entry.Value, Label("state", entry.Key))) : [];

    public IEnumerable<Measurement<long>> Orphaned() => Seen is { } seen ? [new(seen.Orphaned)] : [];

    public IEnumerable<Measurement<long>> DeadLettered() => Seen is { } seen ? [new(seen.Jobs.GetValueOrDefault(ApiNames.Of(JobStatus.DeadLettered)))] : [];

    public IEnumerable<Measurement<double>> OldestAge() => Seen is { } seen ? [new(seen.OldestQueued.TotalSeconds)] : [];

    public IEnumerable<Measurement<double>> ScannedAt() => Seen is { } seen ? [new(seen.At.ToUnixTimeMilliseconds() / 1000d)] : [];

    public IEnumerable<Measurement<long>> FreeBytes() => Disk is { } disk ? [new(disk.Free, Label("area", OnDisk))] : [];

    public IEnumerable<Measurement<long>> CapacityBytes() => Disk is { } disk ? [new(disk.Capacity, Label("area", OnDisk))] : [];

    public IEnumerable<Measurement<long>> UsedBytes() => Disk is { } disk ? disk.Used.Select(entry => new Measurement<long>(entry.Value, Label("area", entry.Key))) : [];

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);
}

/// <summary>One look at the index of jobs.</summary>
/// <param name="At">By this silo's own clock, as the one who reads the metric has it.</param>
/// <param name="Jobs">By kind of status.</param>
/// <param name="Orphaned">With work left, neither parked nor handed over just now, and silent for three intervals.</param>
/// <param name="OldestQueued">Age of the oldest job in line.</param>
internal sealed record JobCensus(DateTimeOffset At, ImmutableDictionary<string, long> Jobs, long Orphaned, TimeSpan OldestQueued);

/// <summary>One look at the data folder.</summary>
/// <param name="Free">Bytes that we may still write.</param>
/// <param name="Capacity">Bytes of its disk.</param>
/// <param name="Used">Bytes of our own files, by area: the folders of <see cref="DataFolder"/>.</param>
internal sealed record StorageCensus(long Free, long Capacity, ImmutableDictionary<string, long> Used);
