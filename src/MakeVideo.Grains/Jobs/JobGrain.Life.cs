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

    private IJobQueueGrain Queue => GrainFactory.GetGrain<IJobQueueGrain>(0);

    private CancellationTokenSource? _attempt;
    private IGrainReminder? _reminder;
    private long _storeAnswered;
    private DateTimeOffset _seenBefore;

    /// <summary>Waits until what the job was parked for is worth another look.</summary>
    private async Task ParkedAsync(CancellationToken cancellation)
    {
        while (_ledger.Progress.Parked is { } parked && parked.Until > _ledger.Now)
        {
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

    private async Task<bool> AskTurnAsync()
    {
        try
        {
            return await Queue.AskAsync(_ledger.JobId, _ledger.Request.Priority, _ledger.Request.CreatedAt.ToUnixTimeMilliseconds());
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
            await FinishAsync(JobStatus.Failed, Failures.Of(failure, _ledger.CurrentStage));
        }
        finally
        {
            _attempt = null;
        }
    }

    /// <summary>Raises the epoch by a guarded write: from here on this attempt, and no other, may work.</summary>
    private async Task TakeUpAsync()
    {
        var state = _ledger.Progress;
        var (owner, ownerName) = (state.Silo, state.SiloName);
        var lost = owner is not null && owner != Here;
        if (lost)
        {
            Recovery.NoteCrash(state, _ledger.Now, ownerName ?? owner!, $"the job itself, {ApiNames.Of(state.Status)}");
        }

        // The owner before the epoch: whoever dies between the two is woken for nothing, not missed.
        await parts.Catalog.FileAsync(_ledger.JobId, JobStatus.AnalyzingAudio, _ledger.Request.CreatedAt, state.Epoch == 0 ? JobStatus.Queued : null, Here, owner);
        var cause = lost ? (_cause is WakeCause.Turn ? WakeCause.SiloLost : _cause) : WakeCause.Drain;
        state.Epoch++;
        var receipt = lost || state.LeftBy is not null ? Recovery.Begin(state, cause, lost ? ownerName ?? owner : state.LeftBy, silo.Name, _ledger.Now, _seenBefore) : null;
        (state.Silo, state.SiloName, state.LeftBy, state.Parked) = (Here, silo.Name, null, null);
        if (Recovery.Poison(state, _ledger.CurrentStage) is { } poison)
        {
            await FinishAsync(JobStatus.DeadLettered, poison);
            return;
        }

        Failpoints.Reached(Failpoints.TakeUp);
        await _ledger.SaveProgressAsync();
        Failpoints.Reached(Failpoints.TakenUp);
        _ledger.Note(receipt is null ? "taken_up" : "recovered", receipt is null ? null : FormattableString.Invariant(
            $"{ApiNames.Of(receipt.Cause)} from {receipt.FromSilo}: {receipt.SecondsWithoutProgress:0.0} s without progress, {receipt.ItemsReused} items reused, {receipt.ItemsRedone} redone, {receipt.SecondsSaved:0.0} s of work saved"));
        _ledger.TellNotes();
        LogTakenUp(state.Epoch);
        if (receipt is not null)
        {
            parts.Meter.Recovered(receipt.Cause, receipt.SecondsWithoutProgress);
        }
    }

    /// <summary>A failed attempt: waits for what passes by itself, else fails the job.</summary>
    private async Task EndAsync(JobFailure failure)
    {
        if (Parking.For(failure, _ledger.Now) is not { } parked)
        {
            await FinishAsync(JobStatus.Failed, failure);
            return;
        }

        var owner = _ledger.Progress.Silo;
        _ledger.Move(JobStatus.Parked);
        (_ledger.Progress.Parked, _ledger.Progress.Silo) = (parked, null);
        foreach (var stage in _ledger.Progress.Stages.Where(stage => stage.Status is StageStatus.InProgress))
        {
            stage.Status = StageStatus.Pending;
        }

        await _ledger.SaveProgressAsync();
        await parts.Catalog.FileAsync(_ledger.JobId, JobStatus.Parked, _ledger.Request.CreatedAt, lost: owner);
        Delete(parts.Data.Work(_ledger.JobId));
        Queue.LeaveAsync(_ledger.JobId).Ignore();
        _ledger.Note("parked", $"{parked.Code}: {failure.Message}");
        _ledger.TellNotes();
        LogParked(parked.Code, parked.Until);
    }

    private async Task FinishAsync(JobStatus status, JobFailure? failure)
    {
        var state = _ledger.Progress;
        foreach (var stage in state.Stages.Where(stage => stage.Status is StageStatus.InProgress))
        {
            stage.Status = status is JobStatus.Completed ? StageStatus.Completed : StageStatus.Failed;
            stage.EndedAt = _ledger.Now;
        }

        _ledger.Move(status);
        state.Failure = failure;
        (state.Silo, state.Parked) = (null, null);
        state.CompletedAt = _ledger.Now;
        await _ledger.SaveProgressAsync();
        parts.Meter.Finished(status);
        _ledger.Note(ApiNames.Of(status), failure?.Message);
        if (failure is null)
        {
            LogFinished(status);
        }
        else
        {
            LogFailed(status, failure.Code, failure.Message);
        }
    }

    /// <summary>All that follows from a final state, and from none at all. Safe to repeat: whoever dies in the middle of it is woken by the reminder.</summary>
    /// <param name="before">How the index has the job; null when that is not sure.</param>
    private async Task SettleAsync(JobStatus? before = null)
    {
        if (_ledger.Exists)
        {
            var state = _ledger.Progress;
            await parts.Catalog.FileAsync(_ledger.JobId, state.Status, _ledger.Request.CreatedAt, before, lost: Here);
            _ledger.TellNotes();
            parts.Journal.Trim(_ledger.JobId);
            Delete(parts.Data.Work(_ledger.JobId));
            DeleteLitter(parts.Data.Published(_ledger.JobId), state.Result?.Epoch);
        }

        await ForgetReminderAsync();
    }

    /// <summary>Leaves the job ready for whoever is woken next.</summary>
    private async Task HandOverAsync()
    {
        if (_ledger is not { Exists: true, IsFinal: false, Progress.Silo: not null })
        {
            return;
        }

        _ledger.Progress.Silo = null;
        _ledger.Progress.LeftBy = silo.Name;
        _ledger.Note("handed_over");
        await _ledger.SaveProgressAsync();
        await parts.Catalog.DisownAsync(_ledger.JobId, Here);
    }

    /// <summary>After an outage: what is stored is the truth, for a write may have arrived though its answer did not.</summary>
    private async Task ReadAgainAsync(CancellationToken cancellation)
    {
        for (; ; )
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                await _ledger.ReloadAsync();
                break;
            }
            catch (Exception failure) when (Outages.Is(failure))
            {
                await Task.Delay(ReadAgain, clock, cancellation);
            }
        }

        if (!_ledger.Exists || (_ledger.Progress.Silo is { } owner && owner != Here))
        {
            throw new InconsistentStateException("The job has been taken up elsewhere, or is gone.");
        }
    }

    private async Task BeatAsync(CancellationToken stopped)
    {
        if (_attempt is not null)
        {
            await AskTurnAsync();
        }

        await SignOfLifeAsync();

        // Cut off from the store, nothing that is done can be kept: what others may do meanwhile must not be disturbed.
        if (_attempt is { IsCancellationRequested: false } attempt && clock.GetElapsedTime(_storeAnswered) > settings.StorePatience)
        {
            await attempt.CancelAsync();
        }
    }

    private async Task SignOfLifeAsync()
    {
        try
        {
            await parts.Catalog.BeatAsync(_ledger.JobId);
            _storeAnswered = clock.GetTimestamp();
        }
        catch (Exception failure) when (Outages.Is(failure))
        {
            LogNoBeat(failure);
        }
    }

    /// <summary>The last sign of life that the job gave before this life: its last write, or a beat after it.</summary>
    private async Task<DateTimeOffset> LastSeenAsync()
    {
        var written = _ledger.Progress.UpdatedAt;
        try
        {
            return await parts.Catalog.LastSeenAsync(_ledger.JobId) is { } beat && beat > written ? beat : written;
        }
        catch (Exception failure) when (Outages.Is(failure))
        {
            return written;
        }
    }

    private async Task QuarantineAsync(string corruption)
    {
        parts.Meter.Quarantined();
        LogCorrupt(_ledger.JobId, corruption);
        await parts.Catalog.FileAsync(_ledger.JobId, JobStatus.DeadLettered, _ledger.Now);
        await ForgetReminderAsync();
    }

    private async Task ForgetReminderAsync()
    {
        if ((_reminder ?? await this.GetReminder(Reminder)) is { } reminder)
        {
            _reminder = null;
            await this.UnregisterReminder(reminder);
        }
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static void Delete(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    /// <summary>What overtaken attempts published: everything that is not the result's own.</summary>
    private static void DeleteLitter(string folder, int? published)
    {
        foreach (var file in Directory.Exists(folder) ? Directory.EnumerateFiles(folder) : [])
        {
            if (Path.GetFileNameWithoutExtension(file) != FormattableString.Invariant($"e{published}"))
            {
                File.Delete(file);
            }
        }
    }
}
