using System.Collections.Immutable;
using MakeVideo.Contracts;

namespace MakeVideo.Grains.Jobs;

/// <summary>All that one job remembers: its three persisted states, what changes too fast to persist, and who waits for a change.</summary>
internal sealed class JobLedger(
    IPersistentState<JobRecord> record, IPersistentState<JobPlan> plan, IPersistentState<JobProgress> progress, TimeProvider clock)
{
    private readonly Dictionary<JobStage, double> _fractions = [];
    private readonly Dictionary<int, double> _clipFractions = [];
    private readonly Dictionary<int, double> _segmentFractions = [];
    private readonly Dictionary<int, string> _clipReasons = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _saving = Task.CompletedTask;
    private bool _unsaved;

    public bool Exists => record.RecordExists && record.State.Request is not null;

    public JobRequest Request => record.State.Request!;

    public AudioFacts Audio => record.State.Audio!;

    public JobPlan Plan => plan.State;

    public JobProgress Progress => progress.State;

    /// <summary>Milliseconds of the clock at first, so that it rises across activations too.</summary>
    public long Revision { get; private set; } = clock.GetUtcNow().ToUnixTimeMilliseconds();

    public bool IsFinal => Progress.Status is JobStatus.Completed or JobStatus.Failed or JobStatus.Cancelled or JobStatus.DeadLettered;

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>The first writes of a job: progress before record, so that a record is never without its progress.</summary>
    public async Task CreateAsync(JobRequest request, AudioFacts audio)
    {
        progress.State = new JobProgress { Stages = [.. Enum.GetValues<JobStage>().Select(_ => new StageProgress())] };
        await SaveProgressAsync();
        record.State = new JobRecord { Request = request, Audio = audio };
        await record.WriteStateAsync();
    }

    public Task SavePlanAsync() => plan.WriteStateAsync();

    /// <summary>Writes the progress; calls during a write share the next one.</summary>
    public Task SaveProgressAsync()
    {
        Progress.UpdatedAt = Now;
        Changed();
        _unsaved = true;
        return _saving.IsCompleted ? _saving = SaveAsync() : _saving;

        async Task SaveAsync()
        {
            while (_unsaved)
            {
                _unsaved = false;
                await progress.WriteStateAsync();
            }
        }
    }

    /// <summary>Removes every trace from the store; the record goes first, so that what is left is no job.</summary>
    public async Task ClearAsync()
    {
        await record.ClearStateAsync();
        await plan.ClearStateAsync();
        await progress.ClearStateAsync();
        Changed();
    }

    public StageProgress Stage(JobStage stage) => Progress.Stages[(int)stage];

    public Task BeginAsync(JobStage stage)
    {
        var entry = Stage(stage);
        if (entry.Status is StageStatus.Completed)
        {
            return Task.CompletedTask;
        }

        entry.Status = StageStatus.InProgress;
        entry.StartedAt ??= Now;
        Progress.Status = StatusNow();
        return SaveProgressAsync();
    }

    public Task EndAsync(JobStage stage, params StageFact[] facts)
    {
        var entry = Stage(stage);
        if (entry.Status is StageStatus.Completed)
        {
            return Task.CompletedTask;
        }

        entry.Status = StageStatus.Completed;
        entry.StartedAt ??= Now;
        entry.EndedAt ??= Now;
        entry.Facts = [.. facts];
        Progress.Status = StatusNow();
        return SaveProgressAsync();
    }

    /// <summary>How far a stage is, 0 to 1; not persisted.</summary>
    public void Report(JobStage stage, double fraction)
    {
        _fractions[stage] = fraction;
        Changed();
    }

    /// <summary>Where a clip stands; returns true when it is worth a write.</summary>
    public bool ReportClip(int index, char code, double fraction, string? reason = null)
    {
        _clipFractions[index] = fraction;
        if (reason is not null)
        {
            _clipReasons[index] = reason;
        }

        var before = Progress.Clips;
        Progress.Clips = ItemCodes.With(before, index, code);
        Changed();
        return Progress.Clips != before && code != ItemCodes.Working;
    }

    /// <summary>Where a segment stands; returns true when it is worth a write.</summary>
    public bool ReportSegment(int index, char code, double fraction)
    {
        _segmentFractions[index] = fraction;
        var before = Progress.Segments;
        Progress.Segments = ItemCodes.With(before, index, code);
        Changed();
        return Progress.Segments != before && code != ItemCodes.Working;
    }

    /// <summary>Completes at the next change of anything that users see.</summary>
    public Task NextChange => _changed.Task;

    public JobView View()
    {
        Progress.Percent = Math.Max(Progress.Percent, JobViews.Percent(this));
        return JobViews.Of(this);
    }

    public double Fraction(JobStage stage) => Stage(stage).Status switch
    {
        StageStatus.Completed => 1,
        StageStatus.Pending => 0,
        _ => _fractions.GetValueOrDefault(stage),
    };

    public ItemView Clip(int index)
    {
        var (status, reason) = ItemCodes.Read(index < Progress.Clips.Length ? Progress.Clips[index] : ItemCodes.Waiting);
        return new(Plan.Candidates[index].Title, status, FractionOf(status, _clipFractions, index), _clipReasons.GetValueOrDefault(index) ?? reason);
    }

    public ItemView Segment(int index, string name)
    {
        var (status, reason) = ItemCodes.Read(index < Progress.Segments.Length ? Progress.Segments[index] : ItemCodes.Waiting);
        return new(name, status, FractionOf(status, _segmentFractions, index), reason);
    }

    private static double FractionOf(ItemStatus status, Dictionary<int, double> fractions, int index) =>
        status is ItemStatus.Working ? fractions.GetValueOrDefault(index) : status is ItemStatus.Waiting ? 0 : 1;

    /// <summary>The branches overlap: a job is said to be in the earliest stage that is in progress, as it was when stages were a line.</summary>
    public JobStage? CurrentStage =>
        Enum.GetValues<JobStage>().Where(stage => Stage(stage).Status is StageStatus.InProgress).Cast<JobStage?>().FirstOrDefault();

    private JobStatus StatusNow() => CurrentStage is { } stage ? Enum.Parse<JobStatus>(stage.ToString()) : Progress.Status;

    private void Changed()
    {
        Revision++;
        var changed = _changed;
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }
}
