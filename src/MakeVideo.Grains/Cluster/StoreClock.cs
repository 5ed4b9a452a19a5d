namespace MakeVideo.Grains.Cluster;

/// <summary>
/// The time that all silos share: the store's. A host whose own clock is an hour off then neither takes every job for silent nor lets what is
/// kept expire early. <see cref="StoreWatch"/> sets it every second; until it first does, it is this host's.
/// </summary>
internal sealed class StoreClock(TimeProvider clock)
{
    private long _ahead;

    /// <summary>Now, by the store's clock.</summary>
    public DateTimeOffset Now => clock.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _ahead));

    /// <summary>Takes over what the store says its time is.</summary>
    public void Set(DateTimeOffset store) => Interlocked.Exchange(ref _ahead, (store - clock.GetUtcNow()).Ticks);
}
