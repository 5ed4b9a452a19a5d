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

    private readonly JobLine _line = new();
    private long _looked = clock.GetTimestamp();

    public Task<long?> AskAsync(TurnAsk ask)
    {
        var now = clock.GetTimestamp();
        Expire(now);
        var place = _line.Enter(ask);
        (place.Asked, place.Called, place.SecondsLeft) = (now, false, ask.SecondsLeft);
        if (place.Turn is null && _line.First(Free).Contains(place))
        {
            _line.Begin(place);
        }

        return Task.FromResult(place.Turn);
    }

    public Task LeaveAsync(string jobId)
    {
        if (_line.Find(jobId) is { } place)
        {
            _line.Remove(place);
        }

        foreach (var next in _line.First(Free).Where(next => !next.Called))
        {
            // Sooner than its next question; if this is lost, the question comes anyway.
            next.Called = true;
            GrainFactory.GetGrain<IJobGrain>(next.Ask.JobId).WakeAsync(WakeCause.Turn).Ignore();
        }

        return Task.CompletedTask;
    }

    public Task<QueueSight> LookAsync(TurnAsk ask)
    {
        Expire(clock.GetTimestamp());
        return Task.FromResult(_line.Ahead(ask, Free));
    }

    public Task<QueueLoad> LoadAsync()
    {
        Expire(clock.GetTimestamp());
        var slots = board.AllSlots;
        return Task.FromResult(new QueueLoad(
            _line.Waiting, _line.Places.Where(place => place.Turn is null).Sum(place => place.SecondsLeft) / slots,
            _line.Working, _line.Places.Where(place => place.Turn is not null).Sum(place => place.SecondsLeft) / slots,
            _line.Owners, options.ActiveJobsWith(slots)));
    }

    /// <summary>Places that nobody holds: so many from the front of the line may go to work, whichever of them asks first.</summary>
    private int Free => Math.Max(0, options.ActiveJobsWith(board.AllSlots) - _line.Working);

    private void Expire(long now)
    {
        if (clock.GetElapsedTime(_looked, now) < LookEvery)
        {
            return;
        }

        _looked = now;
        foreach (var place in _line.Places.Where(place => clock.GetElapsedTime(place.Asked, now) > Lease).ToList())
        {
            _line.Remove(place);
        }
    }
}
