using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using MakeVideo.Grains.Jobs;
using MakeVideo.Sources.Http;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Storage;

namespace MakeVideo.Grains.Upstreams;

/// <summary>What is known of an upstream's bad days; its permits are not kept, they expire.</summary>
internal sealed class UpstreamRecord : PersistedState
{
    /// <summary>Instants by the store's clock.</summary>
    public UpstreamMemory Memory { get; set; } = new();
}

/// <summary>
/// Permits, breaker and throttle of one upstream, for every silo. Permits live in memory: those of a silo that died expire, those that a move of this
/// grain forgets are replaced by new ones, and the upstream bears a few calls more for that moment.
/// </summary>
[GrainType("upstream"), Reentrant]
internal sealed partial class UpstreamGrain(
    [PersistentState("upstream")] IPersistentState<UpstreamRecord> record, StoreTime time, UpstreamSights sights, ILogger<UpstreamGrain> logger) : Grain, IUpstreamGrain
{
    private UpstreamState _state = null!;
    private StateWriter _writer = null!;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // What cannot be read is no reason to stop all work: the upstream tells again how it is.
        _state = new(time, record.State.Corruption is null ? record.State.Memory : null);
        _writer = new(record.WriteStateAsync, time);
        See();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        sights.Forget(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    public Task<UpstreamEntry> EnterAsync(UpstreamLimits limits, TimeSpan lasts)
    {
        var entry = _state.Enter(limits, lasts);
        See();
        return Task.FromResult(entry);
    }

    public Task RenewAsync(string permit, TimeSpan lasts)
    {
        _state.Renew(permit, lasts);
        return Task.CompletedTask;
    }

    public async Task LeaveAsync(string permit, UpstreamReport report)
    {
        var changed = _state.Leave(permit, report);
        See();
        if (!changed)
        {
            return;
        }

        LogChanged(this.GetPrimaryKeyString(), _state.Memory.OpenUntil, _state.Memory.ThrottledUntil);
        try
        {
            record.State.Corruption = null;
            record.State.Memory = _state.Memory;
            await _writer.SaveAsync();
        }
        catch (InconsistentStateException)
        {
            // Another activation is the gate now.
            DeactivateOnIdle();
        }
        catch (Exception failure) when (Outages.Is(failure))
        {
            // The gate holds as long as this silo lives; whoever follows it learns the same from the upstream.
            LogNotKept(failure, this.GetPrimaryKeyString());
        }
    }

    private void See() => sights.See(this.GetPrimaryKeyString(), new(_state.InUse, _state.Memory.OpenUntil, _state.Memory.ThrottledUntil));

    [LoggerMessage(LogLevel.Information, "Upstream {Upstream}: breaker open until {OpenUntil}, throttled until {ThrottledUntil}")]
    private partial void LogChanged(string upstream, DateTimeOffset? openUntil, DateTimeOffset? throttledUntil);

    [LoggerMessage(LogLevel.Warning, "What is known of the upstream {Upstream} could not be kept")]
    private partial void LogNotKept(Exception failure, string upstream);
}
