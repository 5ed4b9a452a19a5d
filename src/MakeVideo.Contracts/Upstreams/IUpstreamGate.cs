namespace MakeVideo.Contracts;

/// <summary>
/// Stands before every call to an upstream: shares its permits, its breaker and what it asked for (Retry-After) among all who call it. A call enters,
/// goes out if it may, and leaves with what it saw. Times are spans, not instants: clocks of silos differ. A gate does not throw because it cannot reach
/// the others of its cluster: it answers for itself then, so that its own outage stops nobody's work.
/// </summary>
public interface IUpstreamGate
{
    /// <summary>Asks to make one call.</summary>
    /// <param name="upstream">Name of the upstream: <c>video-downloader</c>.</param>
    /// <param name="limits">What it bears.</param>
    /// <param name="lasts">How long the permit holds unless it is renewed: a caller that dies gives it back this late.</param>
    /// <param name="cancellation">Gives up asking.</param>
    ValueTask<UpstreamEntry> EnterAsync(string upstream, UpstreamLimits limits, TimeSpan lasts, CancellationToken cancellation);

    /// <summary>Keeps a permit for <paramref name="lasts"/> from now: a long body is still coming. Forgotten permits are no matter.</summary>
    ValueTask RenewAsync(string upstream, string permit, TimeSpan lasts);

    /// <summary>Gives the permit back and tells what the call saw. Safe to repeat; a forgotten permit's word on breaker and throttle still counts for nothing.</summary>
    ValueTask LeaveAsync(string upstream, string permit, UpstreamReport report);
}

/// <summary>What an upstream bears, and how soon it is taken for dead.</summary>
/// <param name="Concurrency">Calls at once, cluster-wide.</param>
/// <param name="PerSecond">Calls a second, cluster-wide, averaged over bursts of <paramref name="Burst"/>; null: as fast as they come.</param>
/// <param name="Burst">Calls that may come at once under <paramref name="PerSecond"/>.</param>
/// <param name="Failures">Transient failures in a row that open the breaker.</param>
/// <param name="OpenSeconds">How long it stays open before the first probe. 60 in the replaced service.</param>
/// <param name="ProbeSeconds">How long after a failed probe the next one goes: an upstream that is back is noticed within this.</param>
[GenerateSerializer, Immutable, Alias("upstream-limits")]
public sealed record UpstreamLimits(
    [property: Id(0)] int Concurrency = 8,
    [property: Id(1)] double? PerSecond = null,
    [property: Id(2)] int Burst = 1,
    [property: Id(3)] int Failures = 10,
    [property: Id(4)] double OpenSeconds = 60,
    [property: Id(5)] double ProbeSeconds = 8);

/// <summary>What a gate answers.</summary>
public enum UpstreamDoor
{
    /// <summary>Call now, with the permit.</summary>
    Go,

    /// <summary>All permits are out or the rate is used up: ask again after the span.</summary>
    Wait,

    /// <summary>The breaker is open: the upstream does not answer.</summary>
    Broken,

    /// <summary>The upstream asked to be left alone.</summary>
    Throttled,
}

/// <summary>Answer of <see cref="IUpstreamGate.EnterAsync"/>.</summary>
/// <param name="Door">Whether the call may go out.</param>
/// <param name="Permit">Set when it may.</param>
/// <param name="RetryIn">When to ask again, otherwise.</param>
[GenerateSerializer, Immutable, Alias("upstream-entry")]
public sealed record UpstreamEntry(
    [property: Id(0)] UpstreamDoor Door,
    [property: Id(1)] string? Permit = null,
    [property: Id(2)] TimeSpan RetryIn = default);

/// <summary>What a call saw of the upstream.</summary>
public enum UpstreamVerdict
{
    /// <summary>It answered, whatever it answered: a 404 is an answer.</summary>
    Answered,

    /// <summary>It failed in a way that passes: no connection, no answer in time, a broken body, 5xx.</summary>
    Failed,

    /// <summary>It asked to be left alone (429).</summary>
    Throttled,

    /// <summary>The call ended before it could tell.</summary>
    Abandoned,
}

/// <summary>What a call tells its gate.</summary>
/// <param name="Verdict">What it saw.</param>
/// <param name="RetryIn">What the upstream's Retry-After asked for, capped; with Throttled, and with Failed when a 503 named one.</param>
[GenerateSerializer, Immutable, Alias("upstream-report")]
public sealed record UpstreamReport(
    [property: Id(0)] UpstreamVerdict Verdict,
    [property: Id(1)] TimeSpan? RetryIn = null);
