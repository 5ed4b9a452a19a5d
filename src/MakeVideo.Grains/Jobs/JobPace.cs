namespace MakeVideo.Grains.Jobs;

/// <summary>How fast the cluster makes videos, from those that were completed while it was at work.</summary>
internal sealed class JobPace(TimeProvider clock)
{
    /// <summary>Seconds of audio in a second of one slot, before anything is measured: 24 s at full size took 16 s on two cores, and a whole job is more than rendering.</summary>
    private const double Untried = 0.5;

    /// <summary>What is remembered of the past at each completion; ten jobs ago counts a third.</summary>
    private const double Kept = 0.9;

    private double _made;
    private double _busy;
    private double _busyNow;
    private long? _since;

    /// <summary>Notes that jobs are at work now, or that none is.</summary>
    public void Note(bool working)
    {
        var now = clock.GetTimestamp();
        _busyNow += _since is { } since ? clock.GetElapsedTime(since, now).TotalSeconds : 0;
        _since = working ? now : null;
    }

    /// <summary>Notes a completed job.</summary>
    public void Made(double seconds)
    {
        Note(_since is not null);
        (_made, _busy, _busyNow) = ((_made * Kept) + seconds, (_busy * Kept) + _busyNow, 0);
    }

    /// <summary>Seconds of audio in a second, with so many slots.</summary>
    public double With(int slots) => _made > 0 && _busy > 1 ? _made / _busy : Untried * slots;
}
