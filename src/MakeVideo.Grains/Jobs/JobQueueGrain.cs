using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;

namespace MakeVideo.Grains.Jobs;

/// <summary>Whose turn it is. Remembers nothing across activations: jobs at work and jobs in line ask again.</summary>
[GrainType("job-queue")]
internal sealed class JobQueueGrain(WorkOptions options, SiloBoard board, TimeProvider clock) : Grain, IJobQueueGrain
{
    /// <summary>Who has not asked for this long has died; jobs ask every few seconds.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);

    /// <summary>How often the dead are looked for: a line may be thousands long, and each in it asks.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, long> _working = [];
    private readonly Dictionary<string, Waiting> _waiting = [];
    private readonly SortedSet<Waiting> _line = new(Comparer<Waiting>.Create(Compare));
    private long _looked = clock.GetTimestamp();

    public Task<bool> AskAsync(string jobId, int priority, long order)
    {
        var now = clock.GetTimestamp();
        Expire(now);
        if (!_working.ContainsKey(jobId))
        {
            var waiting = Enqueue(jobId, priority, order);
            (waiting.Asked, waiting.Called) = (now, false);
            if (!_line.Take(Free).Contains(waiting))
            {
                return Task.FromResult(false);
            }

            Forget(waiting);
        }

        _working[jobId] = now;
        return Task.FromResult(true);
    }

    public Task LeaveAsync(string jobId)
    {
        if (_waiting.TryGetValue(jobId, out var waiting))
        {
            Forget(waiting);
        }

        _working.Remove(jobId);
        foreach (var next in _line.Take(Free).Where(next => !next.Called))
        {
            // Sooner than its next question; if this is lost, the question comes anyway.
            next.Called = true;
            GrainFactory.GetGrain<IJobGrain>(next.JobId).WakeAsync(WakeCause.Turn).Ignore();
        }

        return Task.CompletedTask;
    }

    public Task<JobLine> LineAsync()
    {
        Expire(clock.GetTimestamp());
        return Task.FromResult(new JobLine(_working.Count, _line.Count, options.ActiveJobsWith(board.AllSlots)));
    }

    /// <summary>Places that nobody holds: so many from the front of the line may go to work, whichever of them asks first.</summary>
    private int Free => Math.Max(0, options.ActiveJobsWith(board.AllSlots) - _working.Count);

    private Waiting Enqueue(string jobId, int priority, long order)
    {
        if (_waiting.TryGetValue(jobId, out var known))
        {
            if (known.Priority == priority && known.Order == order)
            {
                return known;
            }

            Forget(known);
        }

        var waiting = _waiting[jobId] = new(jobId, priority, order);
        _line.Add(waiting);
        return waiting;
    }

    private void Forget(Waiting waiting)
    {
        _waiting.Remove(waiting.JobId);
        _line.Remove(waiting);
    }

    private void Expire(long now)
    {
        if (clock.GetElapsedTime(_looked, now) < LookEvery)
        {
            return;
        }

        _looked = now;
        foreach (var (job, _) in _working.Where(entry => clock.GetElapsedTime(entry.Value, now) > Lease).ToList())
        {
            _working.Remove(job);
        }

        foreach (var waiting in _waiting.Values.Where(waiting => clock.GetElapsedTime(waiting.Asked, now) > Lease).ToList())
        {
            Forget(waiting);
        }
    }

    /// <summary>High priority before low, old before young.</summary>
    private static int Compare(Waiting one, Waiting other) =>
        one.Priority != other.Priority ? other.Priority.CompareTo(one.Priority)
        : one.Order != other.Order ? one.Order.CompareTo(other.Order)
        : string.CompareOrdinal(one.JobId, other.JobId);

    /// <summary>A job in line.</summary>
    private sealed class Waiting(string jobId, int priority, long order)
    {
        public string JobId => jobId;

        public int Priority => priority;

        public long Order => order;

        public long Asked { get; set; }

        /// <summary>Told that it is its turn, and not yet heard of.</summary>
        public bool Called { get; set; }
    }
}
