using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.Metrics;

namespace MakeVideo.Grains.Cluster;

/// <summary>The jobs that live on this silo: at work, in line, or parked.</summary>
internal sealed class RunningJobs
{
    /// <summary>By job: the code of what it is parked for; null when it is not.</summary>
    private readonly ConcurrentDictionary<string, string?> _jobs = new();

    public ImmutableArray<string> All => [.. _jobs.Keys];

    public int Count => _jobs.Count;

    public void Enter(string jobId) => _jobs[jobId] = null;

    public void Leave(string jobId) => _jobs.TryRemove(jobId, out _);

    /// <summary>A job of this silo waits, or waits no more.</summary>
    public void Park(string jobId, string? reason)
    {
        if (_jobs.TryGetValue(jobId, out var known))
        {
            _jobs.TryUpdate(jobId, reason, known);
        }
    }

    /// <summary>Jobs that wait, by the code of what for.</summary>
    public IEnumerable<Measurement<int>> Parked() => _jobs.Values.OfType<string>().CountBy(reason => reason)
        .Select(entry => new Measurement<int>(entry.Value, new KeyValuePair<string, object?>("reason", entry.Key)));
}
