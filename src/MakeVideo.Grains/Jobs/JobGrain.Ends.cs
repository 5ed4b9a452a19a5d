using MakeVideo.Contracts;
using MakeVideo.Grains.Budgets;

namespace MakeVideo.Grains.Jobs;

internal sealed partial class JobGrain
{
    /// <summary>A failed attempt: waits for what passes by itself, else fails the job.</summary>
    private async Task EndAsync(JobFailure failure)
    {
        if (failure is { Code: FailureCodes.StageTimeout, Stage: { } late } && _ledger.Stage(late).Time is null or { Overruns: <= StageBudget.MostRetries })
        {
            // The next attempt finds done what is done, and gives the stage more time.
            _ledger.Note("stage_timed_out", failure.Message);
            parts.Meter.TimedOut(late);
            LogTimedOut(failure.Message);
            await _ledger.SaveProgressAsync();
            return;
        }

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
            (stage.Status, stage.StartedAt) = (StageStatus.Pending, null);
        }

        await _ledger.SaveProgressAsync();
        await parts.Catalog.FileAsync(_ledger.Request, JobStatus.Parked, lost: owner);
        Delete(parts.Data.Work(_ledger.JobId));
        _ledger.Turn = null;
        Queue.LeaveAsync(_ledger.JobId).Ignore();
        _ledger.Note("parked", $"{parked.Code}: {failure.Message}");
        _ledger.TellNotes();
        parts.Journal.Trim(_ledger.JobId);
        parts.Running.Park(_ledger.JobId, parked.Code);
        LogParked(parked.Code, parked.Until);
    }

    private async Task FinishAsync(JobStatus status, JobFailure? failure)
    {
        var state = _ledger.Progress;
        foreach (var stage in state.Stages.Where(stage => stage.Status is StageStatus.InProgress))
        {
            stage.Status = status is JobStatus.Completed ? StageStatus.Completed : StageStatus.Failed;
            stage.EndedAt = _ledger.Now;
            if (stage is { Status: StageStatus.Failed, StartedAt: { } began })
            {
                parts.Meter.StageEnded((JobStage)state.Stages.IndexOf(stage), stage.Status, (_ledger.Now - began).TotalSeconds);
            }
        }

        _ledger.Unwritten = state.Status;
        _ledger.Move(status);
        state.Failure = failure;
        (state.Silo, state.LeftBy, state.Parked) = (null, null, null);
        state.CompletedAt = _ledger.Now;
        await _ledger.SaveProgressAsync();
        _ledger.Unwritten = null;
        parts.Meter.Finished(status, failure, (_ledger.Now - _ledger.Request.CreatedAt).TotalSeconds);
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
            await parts.Catalog.FileAsync(_ledger.Request, state.Status, before, lost: Here);
            _ledger.TellNotes();
            parts.Journal.Trim(_ledger.JobId);
            Delete(parts.Data.Work(_ledger.JobId));
            DeleteLitter(parts.Data.Published(_ledger.JobId), state.Result?.Epoch);
        }
        else
        {
            // What a deletion that was cut short left.
            await parts.Catalog.RemoveAsync(_ledger.JobId);
            await parts.Journal.RemoveAsync(_ledger.JobId);
        }

        await ForgetReminderAsync();
    }

    private async Task QuarantineAsync(string corruption)
    {
        parts.Meter.Quarantined();
        LogCorrupt(_ledger.JobId, corruption);
        await parts.Catalog.QuarantineAsync(_ledger.JobId, _ledger.Now);
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
