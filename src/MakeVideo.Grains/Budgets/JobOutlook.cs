using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using MakeVideo.Grains.Jobs;

namespace MakeVideo.Grains.Budgets;

/// <summary>When one job will be done. Told anew only when it differs by more than the speeds it rests on can tell: it must not jump at each look.</summary>
internal sealed class JobOutlook(JobLedger ledger, Workloads workloads, PaceBook book, SiloBoard board)
{
    /// <summary>Seconds, and share of what is left, within which two answers are the same.</summary>
    private const double SameSeconds = 2;
    private const double SameShare = 0.1;

    private readonly Dictionary<JobStage, (double Done, double Spent)> _progress = [];
    private Workload? _work;
    private Forecast? _left;
    private (Paces Current, int AllSlots, long Revision) _basis;
    private DateTimeOffset? _told;

    /// <summary>Somebody looked at the job lately, and is to be told when it will be done. Who only sends jobs costs the line no reckoning.</summary>
    public bool Wanted { get; set; }

    /// <summary>What the queue said last; null while it has not.</summary>
    public QueueSight? Ahead { get; set; }

    /// <summary>All of the job.</summary>
    public Workload Work => _work is { } work && work.AudioSeconds == Seconds ? work : _work = workloads.Of(ledger.Request, Seconds);

    /// <summary>What is left of it. A job in line asks for its turn every few seconds: nothing is reckoned anew until something changed.</summary>
    public Forecast Left
    {
        get
        {
            var basis = (book.Current, board.AllSlots, ledger.Revision);
            if (_left is not { } known || ledger.Watch is not null || _basis != basis)
            {
                (_left, _basis) = (known = Forecast.Of(Work, basis.Current, basis.AllSlots, ledger.Fraction, Taken), basis);
            }

            return known;
        }
    }

    /// <summary>When it will be done, and whether that is by measured speeds alone; null while it waits for something that has no time.</summary>
    public (DateTimeOffset At, bool Learned)? Eta()
    {
        if (ledger.IsFinal || ledger.Progress.Parked is not null || (ledger.Progress.Status is JobStatus.Queued && Ahead is null))
        {
            _told = null;
            return null;
        }

        var left = Left;
        var seconds = left.Wall + ((Ahead?.SecondsAhead ?? 0) / board.AllSlots);
        var at = ledger.Now + TimeSpan.FromSeconds(seconds);
        if (_told is not { } told || told <= ledger.Now || (at - told).Duration().TotalSeconds > Math.Max(SameSeconds, SameShare * seconds))
        {
            _told = at;
        }

        return (_told.Value, left.Learned);
    }

    private StageTaken? Taken(JobStage stage)
    {
        if (ledger.Watch?.Spent(stage) is not { } spent)
        {
            _progress.Remove(stage);
            return null;
        }

        var done = ledger.Fraction(stage);
        if (!_progress.TryGetValue(stage, out var last) || last.Done != done || spent < last.Spent)
        {
            _progress[stage] = last = (done, done > 0 ? spent : 0);
        }

        return new(last.Spent, spent - last.Spent);
    }

    private double Seconds => ledger.Plan.Audio?.Duration ?? ledger.Audio.Duration;
}
