using MakeVideo.Contracts;

namespace MakeVideo.Sources.Http;

/// <summary>What must outlive the process that holds an <see cref="UpstreamState"/>; permits need not, they expire.</summary>
/// <param name="Failures">Transient failures in a row.</param>
/// <param name="OpenUntil">The breaker is open until then, half open after it; null: closed.</param>
/// <param name="ThrottledUntil">The upstream asked to be left alone until then.</param>
internal sealed record UpstreamMemory(int Failures = 0, DateTimeOffset? OpenUntil = null, DateTimeOffset? ThrottledUntil = null);

/// <summary>
/// Breaker, throttle, permits and rate of one upstream. A pure state machine over a clock: not safe for threads, whoever holds it (a grain, a lock)
/// lets one caller in at a time.
/// </summary>
internal sealed class UpstreamState(TimeProvider clock, UpstreamMemory? memory = null)
{
    /// <summary>A probe whose caller died frees its place this soon.</summary>
    private static readonly TimeSpan ProbeLasts = TimeSpan.FromSeconds(30);

    /// <summary>Those who come while a probe is out look again after this: it mostly ends sooner.</summary>
    private static readonly TimeSpan ProbeWait = TimeSpan.FromSeconds(2);

    /// <summary>Those who find all permits out look again after this.</summary>
    private static readonly TimeSpan PermitWait = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<string, Permit> _permits = [];
    private readonly long _born = clock.GetTimestamp();
    private string? _probe;
    private double _tokens = double.NaN;
    private double _filled;
    private TimeSpan _probeEvery;
    private UpstreamLimits _limits = new();

    /// <summary>To be kept, if anything is.</summary>
    public UpstreamMemory Memory { get; private set; } = memory ?? new();

    /// <summary>Permits that are out.</summary>
    public int InUse
    {
        get
        {
            Expire();
            return _permits.Count;
        }
    }

    /// <summary>As <see cref="IUpstreamGate.EnterAsync"/>.</summary>
    public UpstreamEntry Enter(UpstreamLimits limits, TimeSpan lasts)
    {
        Expire();
        _limits = limits;
        _probeEvery = TimeSpan.FromSeconds(limits.ProbeSeconds);
        var now = clock.GetUtcNow();
        if (Memory.ThrottledUntil is { } until && until > now)
        {
            return new(UpstreamDoor.Throttled, RetryIn: until - now);
        }

        if (Memory.OpenUntil is { } open)
        {
            if (open > now)
            {
                return new(UpstreamDoor.Broken, RetryIn: open - now);
            }

            if (_probe is not null)
            {
                return new(UpstreamDoor.Broken, RetryIn: ProbeWait);
            }
        }

        if (_permits.Count >= limits.Concurrency)
        {
            return new(UpstreamDoor.Wait, RetryIn: PermitWait);
        }

        return TakeToken(limits) is { } wait ? new(UpstreamDoor.Wait, RetryIn: wait) : Admit(lasts);
    }

    /// <summary>As <see cref="IUpstreamGate.RenewAsync"/>.</summary>
    public void Renew(string permit, TimeSpan lasts)
    {
        if (_permits.TryGetValue(permit, out var held))
        {
            _permits[permit] = held with { Ends = Now + lasts };
        }
    }

    /// <summary>As <see cref="IUpstreamGate.LeaveAsync"/>. True when <see cref="Memory"/> changed in a way that others must learn of.</summary>
    public bool Leave(string permit, UpstreamReport report)
    {
        Expire();
        if (!_permits.Remove(permit))
        {
            return false;
        }

        var probed = _probe == permit;
        if (probed)
        {
            _probe = null;
        }

        var before = Memory;
        if (report.RetryIn is { } pause && report.Verdict is UpstreamVerdict.Throttled or UpstreamVerdict.Failed)
        {
            Throttle(pause);
        }

        switch (report.Verdict)
        {
            // An upstream that throttles is alive.
            case UpstreamVerdict.Answered or UpstreamVerdict.Throttled when probed || Memory.OpenUntil is null:
                Memory = Memory with { Failures = 0, OpenUntil = null };
                break;
            case UpstreamVerdict.Failed when probed:
                Memory = Memory with { OpenUntil = clock.GetUtcNow() + _probeEvery };
                break;
            case UpstreamVerdict.Failed when Memory.OpenUntil is null:
                Memory = Memory with { Failures = Memory.Failures + 1 };
                if (Memory.Failures >= _limits.Failures)
                {
                    Memory = Memory with { OpenUntil = clock.GetUtcNow() + TimeSpan.FromSeconds(_limits.OpenSeconds) };
                }

                break;
        }

        return before with { Failures = 0 } != Memory with { Failures = 0 };
    }

    private TimeSpan Now => clock.GetElapsedTime(_born);

    private void Throttle(TimeSpan pause)
    {
        var until = clock.GetUtcNow() + pause;
        if (Memory.ThrottledUntil is not { } already || already < until)
        {
            Memory = Memory with { ThrottledUntil = until };
        }
    }

    private UpstreamEntry Admit(TimeSpan lasts)
    {
        var permit = Guid.NewGuid().ToString("N");
        var probing = Memory.OpenUntil is not null;
        _permits[permit] = new(Now + (probing && lasts > ProbeLasts ? ProbeLasts : lasts));
        if (probing)
        {
            _probe = permit;
        }

        return new(UpstreamDoor.Go, permit);
    }

    // A bucket that fills by the clock; null when a token was taken, else how long until there is one.
    private TimeSpan? TakeToken(UpstreamLimits limits)
    {
        if (limits.PerSecond is not { } rate)
        {
            return null;
        }

        var now = Now.TotalSeconds;
        _tokens = double.IsNaN(_tokens) ? limits.Burst : Math.Min(limits.Burst, _tokens + ((now - _filled) * rate));
        _filled = now;
        if (_tokens < 1 - 1e-9)
        {
            return TimeSpan.FromSeconds((1 - _tokens) / rate);
        }

        _tokens--;
        return null;
    }

    private void Expire()
    {
        foreach (var (permit, held) in _permits)
        {
            if (held.Ends <= Now)
            {
                _permits.Remove(permit);
                _probe = _probe == permit ? null : _probe;
            }
        }
    }

    private readonly record struct Permit(TimeSpan Ends);
}
