using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace MakeVideo.Grains.Cluster;

/// <summary>The jobs that live on this silo: at work, in line, or parked.</summary>
internal sealed class RunningJobs
{
    private readonly ConcurrentDictionary<string, byte> _jobs = new();

    public ImmutableArray<string> All => [.. _jobs.Keys];

    public int Count => _jobs.Count;

    public void Enter(string jobId) => _jobs[jobId] = 0;

    public void Leave(string jobId) => _jobs.TryRemove(jobId, out _);
}
