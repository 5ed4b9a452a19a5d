using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using Orleans.Storage;

namespace MakeVideo.Grains.Jobs;

internal sealed partial class JobGrain
{
    private static readonly TimeSpan ReadAgain = TimeSpan.FromSeconds(1);

    /// <summary>The life of the job on this silo: from its turn in the queue to its final state, through outages and waits.</summary>
    private async Task LiveAsync(CancellationToken cancellation)
    {
        using var scope = logger.BeginScope(new Dictionary<string, object> { ["job"] = _ledger.JobId });
        parts.Running.Enter(_ledger.JobId);
        _ledger.Turn = null;
        try
        {
            if (_ledger.Progress.Epoch > 0)
            {
                _seenBefore = await LastSeenAsync();
                await SignOfLifeAsync();
            }

            using var beat = this.RegisterGrainTimer(BeatAsync, new(settings.Beat, settings.Beat) { Interleave = true, KeepAlive = true });
            while (!_ledger.IsFinal)
            {
                await ParkedAsync(cancellation);
                await TurnAsync(cancellation);
                await AttemptAsync(cancellation);
            }

            await SettleAsync(before: JobStatus.FinalComposition);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            LogStopped(_ledger.Progress.Status);
        }
        catch (InconsistentStateException failure)
        {
            // Somebody else wrote: this activation is not the job any more.
            parts.Meter.Fenced("state");
            LogFenced(failure);
            DeactivateOnIdle();
        }
        catch (Exception failure)
        {
            // Nothing is lost: the record stands as it was last written, and the next wake goes on from there.
            LogCrashed(failure);
            DeactivateOnIdle();
        }
        finally
        {
            parts.Running.Leave(_ledger.JobId);
            Queue.LeaveAsync(_ledger.JobId).Ignore();
        }
    }

    private long Order => _ledger.Request.CreatedAt.ToUnixTimeMilliseconds();

    private IJobQueueGrain Queue => GrainFactory.GetGrain<IJobQueueGrain>(0);

    private CancellationTokenSource? _attempt;
    private IGrainReminder? _reminder;
    private long _storeAnswered;
    private DateTimeOffset _seenBefore;

    /// <summary>Waits until what the job was parked for is worth another look.</summary>
    private async Task ParkedAsync(CancellationToken cancellation)
    {
        // A branch that waited when its silo died is no reason for the other to wait.
        while (_ledger.Progress is { Status: JobStatus.Parked, Parked: { } parked } && parked.Until > _ledger.Now)
        {
            parts.Running.Park(_ledger.JobId, parked.Code);
            await Task.Delay(Min(parked.Until - _ledger.Now, settings.Beat), clock, cancellation);
        }
    }

    /// <summary>Waits for the job's turn; a queue that does not answer is asked again.</summary>
    private async Task TurnAsync(CancellationToken cancellation)
    {
        while (!await AskTurnAsync())
        {
            await _poke.WaitAsync(settings.Beat, cancellation);
        }
    }

    /// <summary>The job as it stands in line.</summary>
    private TurnAsk Ask => new(
        _ledger.JobId, _ledger.Request.Owner, _ledger.Request.Priority, _ledger.Request.CreatedAt.ToUnixTimeMilliseconds(), _ledger.Audio.Duration, _ledger.Turn, _ledger.Outlook!.Left.Slots);

    private async Task<bool> AskTurnAsync()
    {
        try
        {
            var turn = await Queue.AskAsync(Ask);
            _ledger.Turn = turn ?? _ledger.Turn;
            return turn is not null;
        }
        catch (Exception failure) when (Outages.Is(failure))
        {
            return false;
        }
    }

    /// <summary>One attempt under an epoch of its own. It ends in a final state, parked, or in an outage after which the next one begins.</summary>
    private async Task AttemptAsync(CancellationToken cancellation)
    {
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _attempt = attempt;
        _storeAnswered = clock.GetTimestamp();
        try
        {
            await TakeUpAsync();
            var result = _ledger.IsFinal ? null : await parts.Work.RunAsync(_ledger, GrainFactory, attempt.Token);
            if (result is { Failed: false })
            {
                Failpoints.Reached(Failpoints.VideoPublished, _ledger.Request.Query);
                _ledger.Progress.Result = result.Value;
                await FinishAsync(JobStatus.Completed, null);
                Failpoints.Reached(Failpoints.FinalWritten);
            }
            else if (result is { Failure: { } failure })
            {
                await EndAsync(failure);
            }
        }
        catch (PoisonException poison)
        {
            await FinishAsync(JobStatus.DeadLettered, poison.Failure);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested && (Outages.Is(failure) || (failure is OperationCanceledException && attempt.IsCancellationRequested)))
        {
            LogOutage(failure);
            await ReadAgainAsync(cancellation);
        }
        catch (Exception failure) when (failure is not InconsistentStateException && !cancellation.IsCancellationRequested)
        {
            LogCrashed(failure);
            await EndAsync(Failures.Of(failure, _ledger.CurrentStage));
        }
        finally
        {
            _attempt = null;
        }
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
