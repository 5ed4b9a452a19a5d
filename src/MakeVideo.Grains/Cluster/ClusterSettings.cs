using System.Net;
using MakeVideo.Contracts;

namespace MakeVideo.Grains.Cluster;

/// <summary>What every process of one cluster must agree on, and how soon it takes a silent silo for dead.</summary>
internal sealed record ClusterSettings
{
    /// <summary>Names the jobs: state and reminders of one service survive every restart.</summary>
    public string ServiceId { get; init; } = "makevideo";

    /// <summary>Names the membership. An embedded store takes a new one each start, so that nobody waits for the silo that was killed.</summary>
    public string ClusterId { get; init; } = "makevideo";

    /// <summary>StackExchange.Redis connection string of the store.</summary>
    public required string Redis { get; init; }

    /// <summary>Where all files live.</summary>
    public required DataFolder Data { get; init; }

    /// <summary>What people call this silo, in answers and logs.</summary>
    public string SiloName { get; init; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>Address that other silos reach this one at.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Silo to silo. 0: any free port.</summary>
    public int SiloPort { get; init; }

    /// <summary>Client to silo. 0: none; clients live in the silo's own process.</summary>
    public int GatewayPort { get; init; }

    /// <summary>Where people reach this silo's admin port: <c>http://10.0.0.7:8081</c>; null where there is none.</summary>
    public string? AdminAddress { get; init; }

    /// <summary>Whether a silo that starts takes up the jobs that were left.</summary>
    public bool WakeUnfinished { get; init; } = true;

    /// <summary>Longest wait for a probe's answer. A silo whose ffmpegs run at nice 10 answers within milliseconds even with all cores busy; a pause of its memory collector stays under this.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>What a probe's wait may grow to when this silo knows itself to be slow.</summary>
    public TimeSpan MaxProbeTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Probes in a row that must go unanswered: two can be lost to one busy moment, three are a death.</summary>
    public int MissedProbes { get; init; } = 3;

    /// <summary>How often a silo writes that it lives; a start sees by it which entries are of the dead.</summary>
    public TimeSpan IAmAlive { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a job at work or in line gives a sign of life. One small write each; a hundred jobs make twenty a second.</summary>
    public TimeSpan Beat { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Silence after which a job is taken for left: three beats, so that one lost write orphans nobody.</summary>
    public TimeSpan Silence => 3 * Beat;

    /// <summary>How often the index is held against the signs of life; a backstop to the membership's word.</summary>
    public TimeSpan ReconcileEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a silo works on without the store: longer than a restart of Redis takes, shorter than it takes others to redo the work.</summary>
    public TimeSpan StorePatience { get; init; } = TimeSpan.FromSeconds(15);
}
