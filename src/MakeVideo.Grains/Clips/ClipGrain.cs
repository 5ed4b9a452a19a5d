using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace MakeVideo.Grains.Clips;

/// <summary>What is known of one clip, and until when.</summary>
internal sealed class ClipState : PersistedState
{
    public ReadyClip? Clip { get; set; }

    public JobFailure? Rejection { get; set; }

    /// <summary>A rejection is looked at again after this.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }
}

/// <summary>Fetches and vets one clip, once for the whole cluster, however many jobs want it.</summary>
[FreeSlotPlacement, GrainType("clip"), Reentrant]
internal sealed partial class ClipGrain(
    [PersistentState("clip")] IPersistentState<ClipState> state,
    ClipFetch fetch, SiloBoard board, WorkOptions options, ILocalSiloDetails silo, StoreClock store, TimeProvider clock, ILogger<ClipGrain> logger) : Grain, IClipGrain, IAsyncDisposable
{
    /// <summary>Long enough to spare the work, short enough that a mended clip is seen again the same day.</summary>
    private static readonly TimeSpan RejectionLasts = TimeSpan.FromHours(6);

    private readonly JoinedWork<ClipAnswer> _work = new(options.AnswerWithin);
    private double _fraction;
    private DateTime? _wholeSince;

    public async Task<ClipAnswer> EnsureAsync(ClipCandidate candidate, string jobId, long order)
    {
        DelayDeactivation(TimeSpan.FromMinutes(2));
        return await _work.AskAsync(jobId, stop => WorkAsync(candidate, order, stop)) ?? new(ClipStatus.Fetching, _fraction, Silo: silo.Name);
    }

    public Task LeaveAsync(string jobId) => _work.LeaveAsync(jobId);

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _work.CloseAsync();

    public ValueTask DisposeAsync() => _work.DisposeAsync();

    private async Task<ClipAnswer> WorkAsync(ClipCandidate candidate, long order, CancellationToken cancellation)
    {
        try
        {
            if (state.State.Clip is { } known && await IsWholeAsync(known, cancellation))
            {
                return new(ClipStatus.Ready, 1, known);
            }

            if (state.State.Rejection is { } rejection && state.State.ExpiresAt > store.Now)
            {
                return new(ClipStatus.Rejected, 1, Rejection: rejection);
            }

            using var slot = await board.TakeSlotAsync(order, cancellation);
            if (slot is null)
            {
                DeactivateOnIdle();
                return new(ClipStatus.Fetching, 0);
            }

            var started = clock.GetTimestamp();
            var outcome = await fetch.FetchAsync(candidate, new Progress(fraction => _fraction = fraction), cancellation);
            if (outcome.Failed && outcome.Failure.Retryable)
            {
                return new(ClipStatus.Missing, 0, Rejection: outcome.Failure);
            }

            state.State.Clip = outcome.Value;
            state.State.Rejection = outcome.Failure;
            state.State.ExpiresAt = outcome.Failed ? store.Now + RejectionLasts : null;
            await state.WriteStateAsync(CancellationToken.None);
            return outcome.Failed
                ? new(ClipStatus.Rejected, 1, Rejection: outcome.Failure, Silo: silo.Name)
                : new(ClipStatus.Ready, 1, outcome.Value, Silo: silo.Name, Seconds: clock.GetElapsedTime(started).TotalSeconds);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return new(ClipStatus.Missing, 0, Rejection: new(FailureCodes.Stopped, JobStage.DownloadingShorts, "The silo was stopped.", Retryable: true));
        }
        catch (Exception failure)
        {
            LogFailed(failure, candidate.Source, candidate.Id);
            return new(ClipStatus.Missing, 0, Rejection: Failures.Of(failure, JobStage.DownloadingShorts));
        }
    }

    /// <summary>Reads a clip through once; then as long as nobody has written to it, its age is proof enough.</summary>
    private async Task<bool> IsWholeAsync(ReadyClip clip, CancellationToken cancellation)
    {
        var written = File.GetLastWriteTimeUtc(clip.Path);
        if (written != _wholeSince)
        {
            _wholeSince = await ClipFetch.IsWholeAsync(clip, cancellation) ? written : null;
        }

        return _wholeSince is not null;
    }

    [LoggerMessage(LogLevel.Error, "Clip {Source}/{Clip} failed")]
    private partial void LogFailed(Exception failure, string source, string clip);
}
