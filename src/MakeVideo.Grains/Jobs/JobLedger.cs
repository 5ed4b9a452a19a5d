using System.Collections.Immutable;
using MakeVideo.Contracts;
using MakeVideo.Grains.Budgets;
using MakeVideo.Grains.Cluster;

namespace MakeVideo.Grains.Jobs;

/// <summary>All that one job remembers: its three persisted states, what changes too fast to persist, and who waits for a change. Its items are in <c>JobLedger.Items.cs</c>.</summary>
internal sealed partial class JobLedger(
    string jobId, IPersistentState<JobRecord> record, IPersistentState<JobPlan> plan, IPersistentState<JobProgress> progress,
    JobJournal journal, string siloName, StoreClock store, TimeProvider clock)
{
    private readonly Dictionary<JobStage, double> _fractions = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<JobEvent> _notes = [];
    private ImmutableHashSet<JobStage> _waiting = [];
    private StateWriter? _lazyWriter;
    private StateWriter? _lazyPlanWriter;

    public string JobId => jobId;

    public bool Exists => record.RecordExists && record.State.Request is not null && Corruption is null;

    /// <summary>Why what is stored cannot be read; null when it can.</summary>
    public string? Corruption => record.State.Corruption ?? plan.State.Corruption ?? progress.State.Corruption
        ?? (record is { RecordExists: true, State.Request: not null } && (!progress.RecordExists || progress.State.Stages.Count != StageCount) ? "its progress is missing" : null);

    public JobRequest Request => record.State.Request!;

    public AudioFacts Audio => record.State.Audio!;

    public JobPlan Plan => plan.State;

    public JobProgress Progress => progress.State;

    /// <summary>Milliseconds of the clock at first, so that it rises across activations too.</summary>
    public long Revision { get; private set; } = clock.GetUtcNow().ToUnixTimeMilliseconds();

    public bool IsFinal => JobMoves.IsFinal(Progress.Status);

    /// <summary>By the store's clock: what is persisted must mean the same on every silo.</summary>
    public DateTimeOffset Now => store.Now;

    /// <summary>Where the job stood before an end that is being written; null when all that is in memory is in the store too.</summary>
    public JobStatus? Unwritten
    {
        get;
        set
        {
            field = value;
            Changed();
        }
    }

    /// <summary>What the queue gave with the job's turn, see <see cref="IJobQueueGrain.AskAsync"/>; null before it.</summary>
    public long? Turn { get; set; }

    /// <summary>Where the job's items stand in every line of a silo: by the job's turn, higher priority before all.</summary>
    public long Order => (Turn ?? 0) - (Request.Priority * Century);

    // A priority step outweighs a century of milliseconds.
    private const long Century = 100L * 366 * 24 * 3600 * 1000;

    /// <summary>Set before the work is stopped for good: items that run elsewhere are then stopped too. A job that only moves leaves them running.</summary>
    public bool ForGood { get; set; }

    /// <summary>Holds the attempt under way to its budgets; null between attempts.</summary>
    public StageWatch? Watch { get; set; }

    /// <summary>When the job will be done; set by its grain.</summary>
    public JobOutlook? Outlook { get; set; }

    /// <summary>Counts what the job does; set by its grain.</summary>
    public ClusterMeter? Meter { get; set; }

    private StateWriter Writer => _lazyWriter ??= new(WriteAsync, clock);

    private StateWriter PlanWriter => _lazyPlanWriter ??= new(plan.WriteStateAsync, clock);

    private static int StageCount { get; } = Enum.GetValues<JobStage>().Length;

    /// <summary>The first writes of a job: progress before record, so that a record is never without its progress.</summary>
    public async Task CreateAsync(JobRequest request, AudioFacts audio)
    {
        progress.State = new JobProgress { Stages = [.. Enumerable.Range(0, StageCount).Select(_ => new StageProgress())] };
        await SaveProgressAsync();
        record.State = new JobRecord { Request = request, Audio = audio };
        await record.WriteStateAsync();
    }

    /// <summary>Reads again what is stored, after a write whose outcome is unknown.</summary>
    public async Task ReloadAsync()
    {
        await PlanWriter.ForgetAsync();
        await Writer.ForgetAsync();
        await record.ReadStateAsync();
        await plan.ReadStateAsync();
        await progress.ReadStateAsync();
        Unwritten = null;
        Changed();
    }

    /// <inheritdoc cref="StateWriter.SaveAsync"/>
    public Task SavePlanAsync() => PlanWriter.SaveAsync();

    /// <summary>For what can be found again: a job that dies within the moment asks once more.</summary>
    public Task SavePlanSoonAsync() => PlanWriter.SaveSoonAsync();

    /// <summary>Takes the plan over from the attempt before: what is stored is read, and written again so that whoever still holds the old version is refused.</summary>
    public async Task TakePlanAsync()
    {
        await plan.ReadStateAsync();
        await plan.WriteStateAsync();
    }

    /// <inheritdoc cref="StateWriter.SaveAsync"/>
    public Task SaveProgressAsync()
    {
        Touch();
        return Writer.SaveAsync();
    }

    /// <inheritdoc cref="StateWriter.SaveSoonAsync"/>
    public Task SaveSoonAsync()
    {
        Touch();
        return Writer.SaveSoonAsync();
    }

    // The plan first, for the progress counts its items; the log after the guarded write, for whoever was overtaken has nothing to tell.
    private async Task WriteAsync()
    {
        await PlanWriter.FlushAsync();
        await progress.WriteStateAsync();
        TellNotes();
    }

    private void Touch()
    {
        Progress.UpdatedAt = Now;
        Changed();
    }

    /// <summary>Removes every trace from the store; the record goes first, so that what is left is no job.</summary>
    public async Task ClearAsync()
    {
        await PlanWriter.ForgetAsync();
        await Writer.ForgetAsync();
        await record.ClearStateAsync();
        await plan.ClearStateAsync();
        await progress.ClearStateAsync();
        Changed();
    }

    /// <summary>Changes the status; a move that the state machine does not know is a bug.</summary>
    public void Move(JobStatus to)
    {
        if (JobMoves.Refusal(Progress.Status, to) is { } refusal)
        {
            throw new InvalidOperationException(refusal);
        }

        Progress.Status = to;
        Changed();
    }

    /// <summary>Adds to the job's log; written with the next write of the progress, or by <see cref="TellNotes"/>.</summary>
    public void Note(string kind, string? detail = null, string? silo = null) =>
        _notes.Add(new(Now, kind, silo ?? siloName, Progress.Epoch, detail));

    /// <summary>Writes what was noted since the last time, without waiting for the store.</summary>
    public void TellNotes()
    {
        if (_notes.Count > 0)
        {
            journal.Append(jobId, _notes);
            _notes.Clear();
        }
    }

    public StageProgress Stage(JobStage stage) => Progress.Stages[(int)stage];

    public Task BeginAsync(JobStage stage)
    {
        // What is looked at again in a stage that was completed once must come to an end too.
        Watch?.Begin(stage);
        var entry = Stage(stage);
        if (entry.Status is StageStatus.Completed or StageStatus.InProgress)
        {
            return Task.CompletedTask;
        }

        entry.Status = StageStatus.InProgress;
        entry.StartedAt ??= Now;
        Progress.Status = StatusNow();
        Note("stage_started", ApiNames.Of(stage));
        return SaveSoonAsync();
    }

    public Task EndAsync(JobStage stage, params StageFact[] facts)
    {
        Watch?.End(stage);
        var entry = Stage(stage);
        if (entry.Status is StageStatus.Completed)
        {
            return Task.CompletedTask;
        }

        entry.Status = StageStatus.Completed;
        entry.StartedAt ??= Now;
        entry.EndedAt ??= Now;
        entry.Facts = [.. facts];
        Progress.Crashes.Clear();
        Progress.Status = StatusNow();
        Meter?.StageEnded(stage, entry.Status, (entry.EndedAt - entry.StartedAt).Value.TotalSeconds);
        Note("stage_completed", ApiNames.Of(stage));
        return SaveSoonAsync();
    }

    /// <summary>The timeline is to be chosen anew: what was rendered for it counts no more, though its segments' files are found where they fit again.</summary>
    public void DropTimeline() => (Plan.Timeline, Progress.Segments) = (null, "");

    /// <summary>Takes back that these stages are done: what they settled does not hold.</summary>
    public void Reopen(params ReadOnlySpan<JobStage> stages)
    {
        foreach (var stage in stages)
        {
            var entry = Stage(stage);
            (entry.Status, entry.EndedAt) = (StageStatus.Pending, null);
            _fractions.Remove(stage);
        }
    }

    /// <summary>How far a stage is, 0 to 1; not persisted.</summary>
    public void Report(JobStage stage, double fraction)
    {
        _fractions[stage] = fraction;
        Changed();
    }

    /// <summary>Notes that these stages, and no others, wait for something outside.</summary>
    public void Wait(ImmutableHashSet<JobStage> stages, ParkingView? parked)
    {
        _waiting = stages;
        Watch?.Wait(stages);
        Progress.Parked = parked;
        Progress.Status = StatusNow();
        Changed();
    }

    /// <summary>Completes at the next change of anything that users see.</summary>
    public Task NextChange => _changed.Task;

    public JobView View()
    {
        if (Corruption is not null)
        {
            return JobViews.OfCorrupt(this);
        }

        Progress.Percent = Math.Max(Progress.Percent, JobViews.Percent(this));
        var view = JobViews.Of(this);

        // An end that the store does not have may yet be none: nobody is told of it.
        return Unwritten is { } before ? view with { Status = before, Result = null, Failure = null, CompletedAt = null, ExpiresAt = null } : view;
    }

    public double Fraction(JobStage stage) => Stage(stage).Status switch
    {
        StageStatus.Completed => 1,
        StageStatus.Pending => 0,
        _ => _fractions.GetValueOrDefault(stage),
    };

    /// <summary>The branches overlap: a job is said to be in the earliest stage that is in progress, as it was when stages were a line; in one that waits only when all do.</summary>
    public JobStage? CurrentStage =>
        Enum.GetValues<JobStage>().Where(stage => Stage(stage).Status is StageStatus.InProgress).OrderBy(_waiting.Contains).Cast<JobStage?>().FirstOrDefault();

    /// <summary>The status that the stages in progress make; unchanged when there is none.</summary>
    public JobStatus StatusNow() => CurrentStage is { } stage ? Enum.Parse<JobStatus>(stage.ToString()) : Progress.Status;

    /// <summary>The status of the first stage that is not done: where an attempt takes the job up.</summary>
    public JobStatus StatusAhead() => Enum.Parse<JobStatus>(
        Enum.GetValues<JobStage>().Where(stage => Stage(stage).Status is not StageStatus.Completed).Append(JobStage.FinalComposition).First().ToString());

    private void Changed()
    {
        Revision++;
        var changed = _changed;
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }
}
