using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using Microsoft.Extensions.Logging;

namespace MakeVideo.Grains.Jobs;

/// <summary>One job: takes it in, keeps it at work until it has a final state, and answers for it. Its life is in <c>JobGrain.Life.cs</c>.</summary>
[FreeSlotPlacement, GrainType("job")]
internal sealed partial class JobGrain(
    [PersistentState("request")] IPersistentState<JobRecord> record,
    [PersistentState("plan")] IPersistentState<JobPlan> plan,
    [PersistentState("progress")] IPersistentState<JobProgress> progress,
    JobParts parts, ClusterSettings settings, ILocalSiloDetails silo, TimeProvider clock, ILogger<JobGrain> logger)
    : Grain, IJobGrain, IRemindable, IDisposable
{
    private const string Reminder = "wake";

    /// <summary>The shortest period that Orleans lets a reminder have; a backstop, other wakes come sooner.</summary>
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan WatchWithin = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _poke = new(0, 1);
    private JobLedger _ledger = null!;
    private CancellationTokenSource _stop = new();
    private Task _life = Task.CompletedTask;
    private WakeCause _cause;

    /// <summary>This activation put the job in the index: what it says of it is known.</summary>
    private bool _filed;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _ledger = new(this.GetPrimaryKeyString(), record, plan, progress, parts.Journal, silo.Name, parts.Clock, clock);
        _ledger.Meter = parts.Meter;
        _ledger.Outlook = new(_ledger, parts.Workloads, parts.Paces, parts.Board);
        return Task.CompletedTask;
    }

    public async Task<Outcome<JobView>> SubmitAsync(JobRequest request)
    {
        if (Unreadable() is { } unreadable)
        {
            return unreadable;
        }

        if (_ledger.Exists)
        {
            return _ledger.View();
        }

        Outcome<AudioFacts> audio;
        try
        {
            audio = await parts.Admission.CheckAsync(request, CancellationToken.None);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogAdmissionFailed(failure, request.JobId);
            return Failures.Of(failure, null);
        }

        parts.Meter.Submitted(accepted: !audio.Failed);
        if (audio.Failed)
        {
            return audio.Failure;
        }

        // The reminder first: from the record's write on, somebody will always come back to the job.
        _reminder = await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
        await _ledger.CreateAsync(request, audio.Value);
        await parts.Catalog.AddAsync(request);
        _filed = true;
        _ledger.Note("submitted", request.Query);
        LogSubmitted(request.JobId, audio.Value.Duration);
        Start(WakeCause.Turn);
        return _ledger.View();
    }

    public async Task<Outcome<JobView>> CancelAsync()
    {
        if ((Unreadable() ?? Missing()) is { } unknown)
        {
            return unknown;
        }

        await StopAsync(forGood: true);
        if (JobMoves.Refusal(_ledger.Progress.Status, JobStatus.Cancelled) is { } refusal)
        {
            return new JobFailure(FailureCodes.JobConflict, null, refusal);
        }

        await OrForgetAsync(() => FinishAsync(JobStatus.Cancelled, null));
        await SettleAsync();
        return _ledger.View();
    }

    public async Task<Outcome<JobView>> RetryAsync()
    {
        if ((Unreadable() ?? Missing()) is { } unknown)
        {
            return unknown;
        }

        if (JobMoves.RetryRefusal(_ledger.Progress.Status) is { } refusal)
        {
            return new JobFailure(FailureCodes.JobConflict, null, refusal);
        }

        // The life that ended so may still be settling; what it does last must not undo what comes now.
        await _life;
        var state = _ledger.Progress;

        _reminder = await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
        _ledger.Move(JobStatus.Queued);
        Reopen(state);
        await OrForgetAsync(_ledger.SaveProgressAsync);
        await parts.Catalog.FileAsync(_ledger.Request, JobStatus.Queued);
        _ledger.Note("retried");
        Start(WakeCause.Turn);
        return _ledger.View();
    }

    public async Task<bool> GiveUpAsync()
    {
        if (!_ledger.Exists || _ledger.IsFinal || !_life.IsCompleted)
        {
            return false;
        }

        await OrForgetAsync(() => FinishAsync(JobStatus.Failed, new(FailureCodes.Orphaned, _ledger.CurrentStage, "Nobody worked on the job, and an operator gave it up. Retry it to go on.", Retryable: true)));
        await SettleAsync();
        return true;
    }

    public async Task<bool> DeleteAsync()
    {
        if (!_ledger.Exists && _ledger.Corruption is null)
        {
            return false;
        }

        await StopAsync(forGood: true);
        await ForgetReminderAsync();

        // The files before the record: what a crash leaves can be deleted again.
        var id = this.GetPrimaryKeyString();
        Delete(parts.Data.Upload(id));
        Delete(parts.Data.Work(id));
        Delete(parts.Data.Published(id));
        await _ledger.ClearAsync();
        await parts.Catalog.DisownAsync(id, Here);
        await parts.Catalog.RemoveAsync(id);
        await parts.Journal.RemoveAsync(id);
        LogDeleted(id);
        DeactivateOnIdle();
        return true;
    }

    public async Task<bool> WakeAsync(WakeCause cause)
    {
        if (_ledger.Corruption is { } corruption)
        {
            await QuarantineAsync(corruption);
        }
        else if (!_ledger.Exists || _ledger.IsFinal)
        {
            await SettleAsync();
        }
        else if (parts.Board.Draining)
        {
            DeactivateOnIdle();
            return false;
        }
        else
        {
            Start(cause);
            Poke();
        }

        return true;
    }

    public async Task DrainAsync()
    {
        await StopAsync(forGood: false);
        await HandOverAsync();
        if (parts.Board.Draining)
        {
            DeactivateOnIdle();
        }
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => WakeAsync(WakeCause.Reminder);

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await StopAsync(forGood: false);
        if (_ledger is { Exists: true, IsFinal: false, Progress.Silo: { } owner } && owner == Here)
        {
            try
            {
                await HandOverAsync();
            }
            catch (Exception failure) when (Outages.Is(failure) || failure is Orleans.Storage.InconsistentStateException)
            {
                // To others it is then as if this silo had died, or they have it already.
                LogNotHandedOver(failure);
            }
        }
    }

    public void Dispose()
    {
        _stop.Dispose();
        _poke.Dispose();
    }

    /// <summary>A change that could not be written is none: the next activation reads what is stored.</summary>
    private async Task OrForgetAsync(Func<Task> write)
    {
        try
        {
            await write();
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }

    private string Here => silo.SiloAddress.ToParsableString();

    private JobFailure? Missing() => _ledger.Exists ? null : new(FailureCodes.JobNotFound, null, $"There is no job {this.GetPrimaryKeyString()}.");

    private JobFailure? Unreadable() => _ledger.Corruption is null ? null : JobViews.CorruptFailure(_ledger);

    private void Start(WakeCause cause)
    {
        if (!_life.IsCompleted)
        {
            return;
        }

        _cause = cause;
        _stop.Dispose();
        _stop = new();
        _ledger.ForGood = false;
        _life = LiveAsync(_stop.Token);
    }

    private async Task StopAsync(bool forGood)
    {
        _ledger.ForGood |= forGood;
        await _stop.CancelAsync();
        await _life;
    }

    private void Poke()
    {
        if (_poke.CurrentCount == 0)
        {
            _poke.Release();
        }
    }

    /// <summary>Clears what ended the job, and leaves what it has done.</summary>
    private static void Reopen(JobProgress state)
    {
        state.Failure = null;
        state.CompletedAt = null;
        state.Crashes.Clear();
        state.Clips = state.Clips.Replace(ItemCodes.Failed, ItemCodes.Waiting).Replace(ItemCodes.Working, ItemCodes.Waiting);
        state.Segments = state.Segments.Replace(ItemCodes.Failed, ItemCodes.Waiting).Replace(ItemCodes.Working, ItemCodes.Waiting);
        foreach (var stage in state.Stages.Where(stage => stage.Status is StageStatus.Failed))
        {
            (stage.Status, stage.StartedAt, stage.EndedAt) = (StageStatus.Pending, null, null);
        }

        state.Stages.ForEach(stage => stage.Time = null);
    }
}
