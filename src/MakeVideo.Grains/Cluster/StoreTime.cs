namespace MakeVideo.Grains.Cluster;

/// <summary>A clock whose instants are the store's, so that they mean the same on every silo; its timers and spans are this host's.</summary>
internal sealed class StoreTime(StoreClock store, TimeProvider clock) : TimeProvider
{
    public override long TimestampFrequency => clock.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

    public override DateTimeOffset GetUtcNow() => store.Now;

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => clock.CreateTimer(callback, state, dueTime, period);
}
