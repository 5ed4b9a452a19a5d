using System.Collections.Immutable;
using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using MakeVideo.Grains.Jobs;

namespace MakeVideo.Grains.Budgets;

/// <summary>
/// Holds the stages of one attempt to their budgets. A stage's time runs while something of it is at work: not while all of its items wait in line
/// for a slot, not while its branch waits for a service or the store is away, not while nobody knows (its silo is lost, or the job's own). What it has spent is kept with the job's
/// progress, so an attempt on another silo goes on counting. Lives on the scheduler of the job's grain.
/// </summary>
internal sealed class StageWatch(JobLedger ledger, Workload work, PaceBook book, SiloBoard board, TimeProvider clock)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>More between two looks was no work: this process did not run.</summary>
    private static readonly TimeSpan MostBetween = TimeSpan.FromSeconds(5);

    /// <summary>What a silo's death may give back to a stage, of its budget.</summary>
    private const double Unwritten = 0.05;

    /// <summary>Seconds; a short stage is not worth many writes.</summary>
    private const double LeastWorthAWrite = 5;

    private readonly Dictionary<JobStage, Watched> _stages = [];
    private readonly HashSet<(JobStage Stage, string Item)> _atWork = [];
    private readonly HashSet<JobStage> _ended = [];
    private ImmutableHashSet<JobStage> _waiting = [];
    private long _looked = clock.GetTimestamp();
    private Watched? _late;

    /// <summary>The stage that ran out of its budget; the attempt ends for it.</summary>
    public JobStage? Overrun { get; private set; }

    /// <summary>Seconds that a stage of this job has been at work in all, as far as they count; null when it has not begun.</summary>
    public double? Spent(JobStage stage)
    {
        Look();
        return _stages.GetValueOrDefault(stage)?.Taken;
    }

    /// <summary>A stage begins, or goes on where an earlier attempt left it.</summary>
    public void Begin(JobStage stage)
    {
        Look();
        var time = ledger.Stage(stage).Time ??= new();
        time.Seconds = StageBudget.For(stage, work, book.Current, time.Overruns).TotalSeconds;
        _stages.TryAdd(stage, new(time, whole: ledger.Progress.Epoch == 1 && !_ended.Contains(stage)));
    }

    /// <summary>A stage is over: what it took is learned.</summary>
    public void End(JobStage stage)
    {
        Look();
        if (!_stages.Remove(stage, out var watched))
        {
            return;
        }

        ledger.Stage(stage).Time = null;
        _ended.Add(stage);

        // Rendering is told by its segments' own seconds; clips that were all there are news, a transcript that was there is none.
        if (watched.Units > 0)
        {
            book.Note(new(work.Key(stage), watched.Cost, watched.Units));
        }
        else if (stage is not JobStage.AssemblingVideo && watched.Whole && (watched.Taken > 0 || stage is JobStage.DownloadingShorts))
        {
            book.Note(new(work.Key(stage), watched.Taken, work.Units(stage)));
        }
    }

    /// <summary>An item of a stage is at work, or is not: in line, over, or nobody knows.</summary>
    public void Work(JobStage stage, string item, bool atWork)
    {
        Look();
        if (atWork)
        {
            _atWork.Add((stage, item));
        }
        else
        {
            _atWork.Remove((stage, item));
        }
    }

    /// <summary>These stages, and no others, wait for a service.</summary>
    public void Wait(ImmutableHashSet<JobStage> stages)
    {
        Look();
        _waiting = stages;
    }

    /// <summary>Something of the stage is done for good.</summary>
    public void Progressed(JobStage stage)
    {
        if (_stages.TryGetValue(stage, out var watched))
        {
            watched.Progressed = true;
        }
    }

    /// <summary>A segment took so many seconds of a slot.</summary>
    public void Rendered(double seconds, int frames)
    {
        if (seconds > 0 && _stages.TryGetValue(JobStage.AssemblingVideo, out var watched))
        {
            watched.Cost += seconds;
            watched.Units += work.MegapixelsOf(frames);
        }
    }

    /// <summary>When a stage at work runs out; null while its time stands still.</summary>
    public DateTimeOffset? Deadline(JobStage stage)
    {
        Look();
        if (!_stages.TryGetValue(stage, out var watched) || !IsAtWork(stage))
        {
            return null;
        }

        // The store's clock is set every second: what differs by less is the same.
        var deadline = ledger.Now + TimeSpan.FromSeconds(Math.Max(0, watched.Time.Seconds - watched.Time.Spent));
        return watched.Told = watched.Told is { } told && (told - deadline).Duration() < LookEvery ? told : deadline;
    }

    /// <summary>Looks every second until a stage runs out, then cancels the attempt; ends with it.</summary>
    public async Task RunAsync(CancellationTokenSource attempt)
    {
        var cancellation = attempt.Token;
        while (!cancellation.IsCancellationRequested)
        {
            await Task.Delay(LookEvery, clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            Look();
            if (cancellation.IsCancellationRequested)
            {
                return;
            }

            if (_stages.FirstOrDefault(entry => entry.Value.Time.Spent >= entry.Value.Time.Seconds) is { Value: { } late } overrun)
            {
                (Overrun, _late) = (overrun.Key, late);
                await attempt.CancelAsync();
            }
            else if (_stages.Values.Any(IsWorthAWrite))
            {
                await SaveAsync();
            }
        }
    }

    /// <summary>Notes the stage that ran out, and tells what that means: <see cref="FailureCodes.StageTimeout"/>.</summary>
    public JobFailure Fail()
    {
        var (stage, time) = (Overrun!.Value, _late!.Time);
        var had = Math.Round(time.Seconds);
        time.Overruns = _late.Progressed ? 0 : time.Overruns + 1;
        time.Spent = 0;
        return new(
            FailureCodes.StageTimeout, stage,
            FormattableString.Invariant($"{ApiNames.Of(stage)} made no end within {had} s of work ({time.Overruns} of {StageBudget.MostRetries + 1} times in a row without progress). Look at the silos' logs and load and at the services outside, then retry the job: what is done stays done."),
            Retryable: true);
    }

    private bool IsAtWork(JobStage stage) =>
        !_waiting.Contains(stage) && (stage is JobStage.FetchingShorts or JobStage.SelectingShorts || _atWork.Any(item => item.Stage == stage));

    private void Look()
    {
        var now = clock.GetTimestamp();
        var elapsed = clock.GetElapsedTime(_looked, now);
        _looked = now;
        if (!board.StoreSeen)
        {
            return;
        }

        var seconds = (elapsed < MostBetween ? elapsed : MostBetween).TotalSeconds;
        foreach (var (stage, watched) in _stages)
        {
            if (IsAtWork(stage))
            {
                watched.Time.Spent += seconds;
                watched.Taken += seconds;
            }
        }
    }

    /// <summary>What a silo's death would make forgotten is enough to keep.</summary>
    private static bool IsWorthAWrite(Watched watched) => watched.Time.Spent - watched.Kept > Math.Max(LeastWorthAWrite, Unwritten * watched.Time.Seconds);

    private async Task SaveAsync()
    {
        foreach (var watched in _stages.Values)
        {
            watched.Kept = watched.Time.Spent;
        }

        try
        {
            await ledger.SaveSoonAsync();
        }
        catch (Exception)
        {
            // A write that failed before; whoever has something to lose by it is told by its own.
        }
    }

    private sealed class Watched(StageTime time, bool whole)
    {
        public StageTime Time => time;

        /// <summary>Nothing of it was done before, by an earlier attempt or before it was opened again, so what it takes is what the stage takes.</summary>
        public bool Whole => whole;

        public double Taken { get; set; } = time.Spent;

        /// <summary>What was spent at the last write.</summary>
        public double Kept { get; set; } = time.Spent;

        public bool Progressed { get; set; }

        public double Cost { get; set; }

        public double Units { get; set; }

        public DateTimeOffset? Told { get; set; }
    }
}
