using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using Orleans.Storage;

namespace MakeVideo.Grains.Jobs;

internal sealed partial class JobGrain
{
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
        await parts.Catalog.FileAsync(_ledger.Request, JobStatus.AnalyzingAudio, _filed && state.Epoch == 0 ? JobStatus.Queued : null, Here, owner);
        var cause = lost ? (_cause is WakeCause.Turn ? WakeCause.SiloLost : _cause) : WakeCause.Drain;
        state.Epoch++;
        _ledger.Move(_ledger.StatusAhead());
        var receipt = lost || state.LeftBy is not null ? Recovery.Begin(state, cause, lost ? ownerName ?? owner : state.LeftBy, silo.Name, _ledger.Now, _seenBefore) : null;
        (state.Silo, state.SiloName, state.LeftBy, state.Parked) = (Here, silo.Name, null, null);
        parts.Running.Park(_ledger.JobId, null);
        if (Recovery.Poison(state, _ledger.CurrentStage) is { } poison)
        {
            parts.Meter.GivenUp(cause);
            await FinishAsync(JobStatus.DeadLettered, poison);
            return;
        }

        // A stage that was cut short begins again now: its seconds are those of the work, not of the pause.
        foreach (var stage in state.Stages.Where(stage => stage.Status is StageStatus.InProgress))
        {
            stage.StartedAt = _ledger.Now;
        }

        Failpoints.Reached(Failpoints.TakeUp);
        await _ledger.SaveProgressAsync();
        if (receipt is not null)
        {
            await _ledger.TakePlanAsync();
        }

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
            // A pause first: an outage that is not the store's must not turn attempt after attempt.
            await Task.Delay(ReadAgain, clock, cancellation);
            try
            {
                await _ledger.ReloadAsync();
                break;
            }
            catch (Exception failure) when (Outages.Is(failure))
            {
                // Not yet.
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

        if (_ledger.IsFinal)
        {
            return;
        }

        await SignOfLifeAsync();
        await LookAheadAsync();

        // Cut off from the store, nothing that is done can be kept: what others may do meanwhile must not be disturbed.
        if (_attempt is { IsCancellationRequested: false } attempt && clock.GetElapsedTime(_storeAnswered) > settings.StorePatience)
        {
            await attempt.CancelAsync();
        }
    }

    /// <summary>Learns what goes before the job, for whoever asked lately when it will be done.</summary>
    private async Task LookAheadAsync()
    {
        var outlook = _ledger.Outlook!;
        if (!outlook.Wanted)
        {
            return;
        }

        outlook.Wanted = false;
        try
        {
            outlook.Ahead = await Queue.LookAsync(Ask);
        }
        catch (Exception failure) when (Outages.Is(failure))
        {
            // The next beat asks again.
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
}
