using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace MakeVideo.Grains.Jobs;

/// <summary>One job: takes it in, keeps it at work until it has a final state, and answers for it.</summary>
[GrainType("job")]
internal sealed partial class JobGrain(
    [PersistentState("request")] IPersistentState<JobRecord> record,
    [PersistentState("plan")] IPersistentState<JobPlan> plan,
    [PersistentState("progress")] IPersistentState<JobProgress> progress,
    JobWork work, Admission admission, JobCatalog catalog, DataFolder data, ILocalSiloDetails silo, TimeProvider clock, ILogger<JobGrain> logger)
    : Grain, IJobGrain, IRemindable, IDisposable
{
    private const string Reminder = "wake";

    /// <summary>The shortest period that Orleans lets a reminder have; a backstop, other wakes come sooner.</summary>
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    /// <summary>How often a job in line asks for its turn, and one at work renews its lease; the queue forgets after a minute.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan WatchWithin = TimeSpan.FromSeconds(10);

    private readonly JobLedger _ledger = new(record, plan, progress, clock);
    private readonly SemaphoreSlim _poke = new(0, 1);
    private CancellationTokenSource _stop = new();
    private Task _life = Task.CompletedTask;

    public async Task<Outcome<JobView>> SubmitAsync(JobRequest request)
    {
        if (_ledger.Exists)
        {
            return _ledger.View();
        }

        Outcome<AudioFacts> audio;
        try
        {
            audio = await admission.CheckAsync(request, CancellationToken.None);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogAdmissionFailed(failure, request.JobId);
            return Failures.Of(failure, null);
        }

        if (audio.Failed)
        {
            return audio.Failure;
        }

        // The reminder first: from the record's write on, somebody will always come back to the job.
        await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
        await _ledger.CreateAsync(request, audio.Value);
        await catalog.FileAsync(request.JobId, JobStatus.Queued, request.CreatedAt);
        LogSubmitted(request.JobId, audio.Value.Duration);
        Start();
        return _ledger.View();
    }

    public Task<JobView?> GetAsync() => Task.FromResult(_ledger.Exists ? _ledger.View() : null);

    public async Task<JobView?> WatchAsync(long known)
    {
        if (_ledger.Exists && _ledger.Revision == known)
        {
            await Task.WhenAny(_ledger.NextChange, Task.Delay(WatchWithin));
        }

        return await GetAsync();
    }

    public async Task<Outcome<JobView>> CancelAsync()
    {
        if (!_ledger.Exists)
        {
            return new JobFailure(FailureCodes.JobNotFound, null, $"There is no job {this.GetPrimaryKeyString()}.");
        }

        await StopAsync();
        if (_ledger.IsFinal)
        {
            return new JobFailure(FailureCodes.JobConflict, null, $"The job is {_ledger.Progress.Status} already; only a job that is queued or at work can be cancelled.");
        }

        await FinishAsync(JobStatus.Cancelled, null);
        return _ledger.View();
    }

    public async Task<bool> DeleteAsync()
    {
        if (!_ledger.Exists)
        {
            return false;
        }

        await StopAsync();
        await ForgetReminderAsync();

        // The files before the record: what a crash leaves can be deleted again.
        var id = this.GetPrimaryKeyString();
        Delete(data.Upload(id));
        Delete(data.Work(id));
        Delete(data.Video(id));
        Delete(data.Subtitles(id));
        await _ledger.ClearAsync();
        await catalog.RemoveAsync(id);
        LogDeleted(id);
        DeactivateOnIdle();
        return true;
    }

    public async Task WakeAsync()
    {
        if (!_ledger.Exists || _ledger.IsFinal)
        {
            await ForgetReminderAsync();
            return;
        }

        Start();
        if (_poke.CurrentCount == 0)
        {
            _poke.Release();
        }
    }

    public async Task DrainAsync()
    {
        await StopAsync();
        if (_ledger is { Exists: true, IsFinal: false })
        {
            _ledger.Progress.Silo = null;
            await _ledger.SaveProgressAsync();
        }
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => WakeAsync();

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => StopAsync();

    public void Dispose()
    {
        _stop.Dispose();
        _poke.Dispose();
    }

    private void Start()
    {
        if (!_life.IsCompleted)
        {
            return;
        }

        _stop.Dispose();
        _stop = new();
        _life = LiveAsync(_stop.Token);
    }

    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _life;
    }

    /// <summary>The life of the job on this silo, from its turn in the queue to its final state.</summary>
    private async Task LiveAsync(CancellationToken cancellation)
    {
        var request = _ledger.Request;
        var queue = GrainFactory.GetGrain<IJobQueueGrain>(0);
        using var scope = logger.BeginScope(new Dictionary<string, object> { ["job"] = request.JobId });
        try
        {
            while (!await queue.AskAsync(request.JobId, request.Priority, request.CreatedAt.ToUnixTimeMilliseconds()))
            {
                DelayDeactivation(2 * ReminderPeriod);
                await _poke.WaitAsync(Heartbeat, cancellation);
            }

            using var beat = this.RegisterGrainTimer(BeatAsync, new(Heartbeat, Heartbeat) { Interleave = true, KeepAlive = true });
            await TakeUpAsync();
            var result = await work.RunAsync(_ledger, GrainFactory, cancellation);
            if (result.Failed)
            {
                await FinishAsync(JobStatus.Failed, result.Failure);
            }
            else
            {
                _ledger.Progress.Result = result.Value;
                await FinishAsync(JobStatus.Completed, null);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            LogStopped(_ledger.Progress.Status);
        }
        catch (InconsistentStateException failure)
        {
            // Somebody else wrote: this activation is not the job any more.
            LogFenced(failure);
            DeactivateOnIdle();
        }
        catch (Exception failure)
        {
            LogCrashed(failure);
            await FailAsync(Failures.Of(failure, _ledger.CurrentStage));
        }
        finally
        {
            queue.LeaveAsync(request.JobId).Ignore();
            DelayDeactivation(TimeSpan.Zero);
        }

        async Task BeatAsync(CancellationToken stopped)
        {
            await queue.AskAsync(request.JobId, request.Priority, request.CreatedAt.ToUnixTimeMilliseconds());
            await catalog.FileAsync(request.JobId, _ledger.Progress.Status, request.CreatedAt);
        }
    }

    /// <summary>Raises the epoch by a guarded write: from here on this attempt, and no other, may work.</summary>
    private async Task TakeUpAsync()
    {
        _ledger.Progress.Epoch++;
        _ledger.Progress.Silo = silo.SiloAddress.ToParsableString();
        await _ledger.SaveProgressAsync();
        LogTakenUp(_ledger.Progress.Epoch);
    }

    private async Task FailAsync(JobFailure failure)
    {
        try
        {
            await FinishAsync(JobStatus.Failed, failure);
        }
        catch (Exception unsaved)
        {
            // The store is the trouble: the reminder brings the job back.
            LogCrashed(unsaved);
            DeactivateOnIdle();
        }
    }

    private async Task FinishAsync(JobStatus status, JobFailure? failure)
    {
        var state = _ledger.Progress;
        foreach (var stage in state.Stages.Where(stage => stage.Status is StageStatus.InProgress))
        {
            stage.Status = status is JobStatus.Completed ? StageStatus.Completed : StageStatus.Failed;
            stage.EndedAt = _ledger.Now;
        }

        state.Status = status;
        state.Failure = failure;
        state.Silo = null;
        state.CompletedAt = _ledger.Now;
        await _ledger.SaveProgressAsync();
        await catalog.FileAsync(_ledger.Request.JobId, status, _ledger.Request.CreatedAt);
        await ForgetReminderAsync();
        Delete(data.Work(_ledger.Request.JobId));
        LogFinished(status, failure?.Code, failure?.Message);
    }

    private async Task ForgetReminderAsync()
    {
        if (await this.GetReminder(Reminder) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }

    private static void Delete(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else if (File.Exists(path))
        {
            File.Delete(path);
        }
    }
}
