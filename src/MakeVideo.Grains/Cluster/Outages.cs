using System.Net.Sockets;
using Orleans.Storage;
using StackExchange.Redis;

namespace MakeVideo.Grains.Cluster;

/// <summary>Tells what passes by itself (a silo or the store does not answer) from what does not.</summary>
internal static class Outages
{
    /// <summary>True when the outcome of what was tried is unknown and trying again is right. A lost race for a state is no outage.</summary>
    public static bool Is(Exception failure) =>
        failure is not InconsistentStateException
        && (failure is TimeoutException or OrleansException or RedisException or SocketException
            || failure is TaskCanceledException { CancellationToken.IsCancellationRequested: false } // Nobody's wish: the store's client drops what it had in hand when its connection breaks.
            || failure.GetType().Name.StartsWith("Redis", StringComparison.Ordinal) // The providers' own, which share no base: RedisStorageException, RedisRemindersException.
            || (failure.InnerException is { } inner && Is(inner)));
}
