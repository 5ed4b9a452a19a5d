using MakeVideo.Contracts;

namespace MakeVideo.Grains.Cluster;

/// <summary>What every process of one cluster must agree on.</summary>
internal sealed record ClusterSettings
{
    /// <summary>Names the jobs: state and reminders of one service survive every restart.</summary>
    public string ServiceId { get; init; } = "makevideo";

    /// <summary>Names the membership. An embedded store takes a new one each start, so that nobody waits for the silo that was killed.</summary>
    public string ClusterId { get; init; } = "makevideo";

    /// <summary>StackExchange.Redis connection string of the store.</summary>
    public required string Redis { get; init; }

    /// <summary>Address that other silos reach this one at.</summary>
    public System.Net.IPAddress Address { get; init; } = System.Net.IPAddress.Loopback;

    /// <summary>Silo to silo. 0: any free port.</summary>
    public int SiloPort { get; init; }

    /// <summary>Client to silo. 0: none; clients live in the silo's own process.</summary>
    public int GatewayPort { get; init; }

    /// <summary>Whether a silo that starts takes up the jobs that were left.</summary>
    public bool WakeUnfinished { get; init; } = true;

    /// <summary>Where all files live.</summary>
    public required DataFolder Data { get; init; }
}
