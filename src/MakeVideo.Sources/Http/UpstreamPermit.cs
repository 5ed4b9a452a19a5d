using MakeVideo.Contracts;

namespace MakeVideo.Sources.Http;

/// <summary>One call's leave to go out; given back with what the call saw.</summary>
internal sealed class UpstreamPermit : IAsyncDisposable
{
    /// <summary>When to come back to an upstream that failed but whose breaker is still closed.</summary>
    public static readonly TimeSpan SoonAgain = TimeSpan.FromSeconds(5);

    // Between the headers and the first renewal.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(30);

    private readonly IUpstreamGate _gate;
    private readonly string _upstream;
    private readonly string _permit;
    private readonly TimeSpan _lasts;
    private readonly TimeProvider _clock;
    private long _kept;

    private UpstreamPermit(IUpstreamGate gate, string upstream, string permit, TimeSpan lasts, TimeProvider clock)
    {
        (_gate, _upstream, _permit, _lasts, _clock) = (gate, upstream, permit, lasts, clock);
        _kept = clock.GetTimestamp();
    }

    /// <summary>What the gate is told at the end.</summary>
    public UpstreamReport Report { get; set; } = new(UpstreamVerdict.Abandoned);

    /// <summary>
    /// Waits for a permit. UpstreamUnavailable or UpstreamThrottled when the gate is closed for longer than the options' patience.
    /// </summary>
    public static async Task<Outcome<UpstreamPermit>> EnterAsync(
        IUpstreamGate gate, UpstreamOptions options, TimeSpan headersWithin, TimeProvider clock, JobStage stage, CancellationToken cancellation)
    {
        var lasts = headersWithin + Slack;
        var asked = clock.GetTimestamp();
        long? closed = null;
        while (true)
        {
            var entry = await gate.EnterAsync(options.Name, options.Limits, lasts, cancellation);
            if (entry is { Door: UpstreamDoor.Go, Permit: { } permit })
            {
                return new UpstreamPermit(gate, options.Name, permit, lasts, clock);
            }

            closed = entry.Door is UpstreamDoor.Wait ? null : closed ?? clock.GetTimestamp();
            if (clock.GetElapsedTime(asked) > options.PermitWithin || (closed is { } since && clock.GetElapsedTime(since) + entry.RetryIn > options.Patience))
            {
                return Closed(entry, options, clock, stage);
            }

            // Timers cut off parts of a millisecond.
            await Task.Delay(entry.RetryIn + TimeSpan.FromMilliseconds(1), clock, cancellation);
        }
    }

    /// <summary>A body is still coming.</summary>
    public async ValueTask KeepAsync()
    {
        if (_clock.GetElapsedTime(_kept) > _lasts / 3)
        {
            _kept = _clock.GetTimestamp();
            await _gate.RenewAsync(_upstream, _permit, _lasts);
        }
    }

    public ValueTask DisposeAsync() => _gate.LeaveAsync(_upstream, _permit, Report);

    private static JobFailure Closed(UpstreamEntry entry, UpstreamOptions options, TimeProvider clock, JobStage stage)
    {
        var (code, why) = entry.Door switch
        {
            UpstreamDoor.Broken => (FailureCodes.UpstreamUnavailable, "does not answer"),
            UpstreamDoor.Throttled => (FailureCodes.UpstreamThrottled, "asks to be left alone for a while"),
            _ => (FailureCodes.UpstreamThrottled, "has as many calls as it bears"),
        };
        var soon = entry.RetryIn > SoonAgain || entry.Door is not UpstreamDoor.Wait ? entry.RetryIn : SoonAgain;
        return new(code, stage, $"The upstream {options.Name} at {options.Url.Authority} {why}. The job goes on when it may.", Retryable: true, clock.GetUtcNow() + soon, options.Name);
    }
}
