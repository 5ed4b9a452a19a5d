using System.Collections.Immutable;

namespace MakeVideo.Contracts;

/// <summary>The line of jobs.</summary>
/// <param name="Working">Jobs that have their turn.</param>
/// <param name="Waiting">Jobs in line.</param>
/// <param name="Most">Jobs that may have their turn at once.</param>
[GenerateSerializer, Immutable, Alias("job-line")]
public sealed record QueueLine([property: Id(0)] int Working, [property: Id(1)] int Waiting, [property: Id(2)] int Most);

/// <summary>One silo as the cluster knows it.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Address">Where other silos reach it.</param>
/// <param name="SlotsUsed">Slots taken.</param>
/// <param name="SlotsWaiting">Items in line for one of its slots.</param>
/// <param name="Slots">Slots in all.</param>
/// <param name="Draining">It takes no new work.</param>
/// <param name="StoreSeen">The store answered it within the last seconds.</param>
/// <param name="Admin">Address of its admin port; null where it has none.</param>
[GenerateSerializer, Immutable, Alias("silo-view")]
public sealed record SiloView(
    [property: Id(0)] string Name,
    [property: Id(1)] string Address,
    [property: Id(2)] int SlotsUsed,
    [property: Id(3)] int SlotsWaiting,
    [property: Id(4)] int Slots,
    [property: Id(5)] bool Draining,
    [property: Id(6)] bool StoreSeen,
    [property: Id(7)] string? Admin);

/// <summary>The cluster at a glance.</summary>
/// <param name="Silos">By name.</param>
/// <param name="Line">Whose turn it is, in numbers.</param>
/// <param name="Jobs">Jobs by kind of status: <c>queued</c>, <c>working</c>, <c>parked</c>, <c>completed</c>, <c>failed</c>, <c>cancelled</c>, <c>dead_lettered</c>.</param>
[GenerateSerializer, Immutable, Alias("cluster-view")]
public sealed record ClusterView(
    [property: Id(0)] ImmutableArray<SiloView> Silos,
    [property: Id(1)] QueueLine Line,
    [property: Id(2)] ImmutableDictionary<string, long> Jobs);

/// <summary>Shows the cluster. Key: 0.</summary>
[Alias("cluster-grain")]
public interface IClusterGrain : IGrainWithIntegerKey
{
    /// <summary>Silos, line and jobs as the silo that answers knows them, at most a second old.</summary>
    [Alias("look")]
    Task<ClusterView> LookAsync();
}
