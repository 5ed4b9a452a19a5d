using System.Collections.Concurrent;
using MakeVideo.Contracts;

namespace MakeVideo.Sources.Http;

/// <summary>The gate of one process: what a single silo needs, and what stands in where the cluster's own does not answer.</summary>
internal sealed class LocalUpstreamGate(TimeProvider clock) : IUpstreamGate
{
    private readonly ConcurrentDictionary<string, UpstreamState> _upstreams = new(StringComparer.Ordinal);

    public ValueTask<UpstreamEntry> EnterAsync(string upstream, UpstreamLimits limits, TimeSpan lasts, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var state = _upstreams.GetOrAdd(upstream, _ => new(clock));
        lock (state)
        {
            return ValueTask.FromResult(state.Enter(limits, lasts));
        }
    }

    public ValueTask RenewAsync(string upstream, string permit, TimeSpan lasts)
    {
        if (_upstreams.TryGetValue(upstream, out var state))
        {
            lock (state)
            {
                state.Renew(permit, lasts);
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask LeaveAsync(string upstream, string permit, UpstreamReport report)
    {
        if (_upstreams.TryGetValue(upstream, out var state))
        {
            lock (state)
            {
                state.Leave(permit, report);
            }
        }

        return ValueTask.CompletedTask;
    }
}
