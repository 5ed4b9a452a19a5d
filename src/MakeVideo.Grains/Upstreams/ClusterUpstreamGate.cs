using System.Collections.Concurrent;
using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using MakeVideo.Sources.Http;

namespace MakeVideo.Grains.Upstreams;

/// <summary>
/// The gate that all silos share: <see cref="UpstreamGrain"/>. What it said of a closed upstream holds here until its time is over, asked or not; where it
/// cannot be asked, this silo answers for itself.
/// </summary>
internal sealed class ClusterUpstreamGate(IGrainFactory grains, TimeProvider clock) : IUpstreamGate
{
    /// <summary>Marks the permits that this silo gave itself.</summary>
    private const string Own = "own/";

    /// <summary>A grain answers in milliseconds; one that moves takes seconds to be found again, and nobody's call is to wait for that.</summary>
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(2);

    private readonly LocalUpstreamGate _alone = new(clock);
    private readonly ConcurrentDictionary<string, Closed> _closed = new(StringComparer.Ordinal);

    public async ValueTask<UpstreamEntry> EnterAsync(string upstream, UpstreamLimits limits, TimeSpan lasts, CancellationToken cancellation)
    {
        if (_closed.TryGetValue(upstream, out var known) && known.Span - clock.GetElapsedTime(known.Since) is { Ticks: > 0 } left)
        {
            return new(known.Door, RetryIn: left);
        }

        try
        {
            var entry = await grains.GetGrain<IUpstreamGrain>(upstream).EnterAsync(limits, lasts).WaitAsync(AnswersWithin, clock, cancellation);
            if (entry.Door is UpstreamDoor.Broken or UpstreamDoor.Throttled)
            {
                _closed[upstream] = new(entry.Door, entry.RetryIn, clock.GetTimestamp());
            }

            return entry;
        }
        catch (Exception failure) when (Outages.Is(failure))
        {
            var entry = await _alone.EnterAsync(upstream, limits, lasts, cancellation);
            return entry.Permit is { } permit ? entry with { Permit = Own + permit } : entry;
        }
    }

    public ValueTask RenewAsync(string upstream, string permit, TimeSpan lasts) => permit.StartsWith(Own, StringComparison.Ordinal)
        ? _alone.RenewAsync(upstream, permit[Own.Length..], lasts)
        : TellAsync(grains.GetGrain<IUpstreamGrain>(upstream).RenewAsync(permit, lasts));

    public ValueTask LeaveAsync(string upstream, string permit, UpstreamReport report) => permit.StartsWith(Own, StringComparison.Ordinal)
        ? _alone.LeaveAsync(upstream, permit[Own.Length..], report)
        : TellAsync(grains.GetGrain<IUpstreamGrain>(upstream).LeaveAsync(permit, report));

    private async ValueTask TellAsync(Task told)
    {
        try
        {
            await told.WaitAsync(AnswersWithin, clock);
        }
        catch (Exception failure) when (Outages.Is(failure))
        {
            // The permit expires by itself.
        }
    }

    private readonly record struct Closed(UpstreamDoor Door, TimeSpan Span, long Since);
}
