using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MakeVideo.Grains.Cluster;

namespace MakeVideo.Grains.Upstreams;

/// <summary>How an upstream's gate stands.</summary>
/// <param name="Permits">Calls that are out.</param>
/// <param name="OpenUntil">The breaker is open until then, half open after it; null: closed.</param>
/// <param name="ThrottledUntil">Nobody calls until then.</param>
internal sealed record UpstreamSight(int Permits, DateTimeOffset? OpenUntil, DateTimeOffset? ThrottledUntil);

/// <summary>The gates that live on this silo, for its metrics; each upstream has one in the cluster.</summary>
internal sealed class UpstreamSights(StoreClock clock)
{
    private readonly ConcurrentDictionary<string, UpstreamSight> _sights = new(StringComparer.Ordinal);

    public void See(string upstream, UpstreamSight sight) => _sights[upstream] = sight;

    public void Forget(string upstream) => _sights.TryRemove(upstream, out _);

    /// <summary>Calls that are out, by upstream.</summary>
    public IEnumerable<Measurement<int>> Permits() => _sights.Select(sight => new Measurement<int>(sight.Value.Permits, Label(sight.Key)));

    /// <summary>0 closed, 1 half open, 2 open, by upstream.</summary>
    public IEnumerable<Measurement<int>> Breakers() => _sights.Select(sight => new Measurement<int>(
        sight.Value.OpenUntil switch { null => 0, { } until when until > clock.Now => 2, _ => 1 }, Label(sight.Key)));

    /// <summary>Seconds that nobody calls because the upstream asked for it, by upstream.</summary>
    public IEnumerable<Measurement<double>> Throttled() => _sights.Select(sight => new Measurement<double>(
        sight.Value.ThrottledUntil is { } until ? Math.Max(0, (until - clock.Now).TotalSeconds) : 0, Label(sight.Key)));

    private static KeyValuePair<string, object?> Label(string upstream) => new("upstream", upstream);
}
