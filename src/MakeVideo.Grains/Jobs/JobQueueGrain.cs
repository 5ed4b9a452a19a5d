using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;

namespace MakeVideo.Grains.Jobs;

/// <summary>Whose turn it is. Remembers nothing across activations: jobs at work and jobs in line ask again.</summary>
[GrainType("job-queue")]
internal sealed class JobQueueGrain(WorkOptions options, SiloBoard board, TimeProvider clock) : Grain, IJobQueueGrain
{
    /// <summary>Who has not asked for this long has died; jobs ask every few seconds.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);

    private readonly Dictionary<string, DateTimeOffset> _working = [];
    private readonly Dictionary<string, (int Priority, long Order, DateTimeOffset Asked)> _line = [];

    public Task<bool> AskAsync(string jobId, int priority, long order)
    {
        var now = clock.GetUtcNow();
        Expire(now);
        if (!_working.ContainsKey(jobId))
        {
            _line[jobId] = (priority, order, now);
            if (_working.Count >= ActiveJobs || First() != jobId)
            {
                return Task.FromResult(false);
            }

            _line.Remove(jobId);
        }

        _working[jobId] = now;
        return Task.FromResult(true);
    }

    public Task LeaveAsync(string jobId)
    {
        _working.Remove(jobId);
        _line.Remove(jobId);
        if (_working.Count < ActiveJobs && First() is { } next)
        {
            // Sooner than its next question; if this is lost, the question comes anyway.
            GrainFactory.GetGrain<IJobGrain>(next).WakeAsync(WakeCause.Turn).Ignore();
        }

        return Task.CompletedTask;
    }

    private int ActiveJobs => options.ActiveJobsWith(board.AllSlots);

    private string? First() =>
        _line.Count == 0 ? null : _line.MinBy(entry => (-entry.Value.Priority, entry.Value.Order, entry.Key)).Key;

    private void Expire(DateTimeOffset now)
    {
        foreach (var (job, seen) in _working)
        {
            if (now - seen > Lease)
            {
                _working.Remove(job);
            }
        }

        foreach (var (job, entry) in _line)
        {
            if (now - entry.Asked > Lease)
            {
                _line.Remove(job);
            }
        }
    }
}
