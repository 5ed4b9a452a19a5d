using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace MakeVideo.Grains.Cluster;

/// <summary>
/// Looks at the store every second. A silo that is cut off from it alone, or from it and all others, leaves, so that its jobs go where they can be kept; a store that
/// was wiped or replaced stops every silo, for they would work on as ghosts. While the store is down for all, they wait for it.
/// </summary>
internal sealed partial class StoreWatch(
    IConnectionMultiplexer redis, SiloBoard board, StoreClock time, ClusterSettings settings, IHostApplicationLifetime host, TimeProvider clock, ILogger<StoreWatch> logger) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private RedisKey Identity => $"{settings.ServiceId}/store-identity";

    /// <summary>Whether the process ended because it must not work on; its exit code is then not 0.</summary>
    public bool Gone { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        string? identity = null;
        var seen = clock.GetTimestamp();
        using var timer = new PeriodicTimer(LookEvery, clock);
        do
        {
            try
            {
                var store = redis.GetDatabase();
                identity ??= await NameAsync(store);
                var now = (string?)await store.StringGetAsync(Identity);
                time.Set(await TimeAsync(store));
                seen = clock.GetTimestamp();
                board.StoreSeen = true;
                if (now != identity)
                {
                    LogWiped();
                    Leave();
                    return;
                }
            }
            catch (Exception failure) when (Outages.Is(failure))
            {
                board.StoreSeen = false;
                if (!board.Alone && !board.Others.Any(other => other.StoreSeen))
                {
                    // Down for all. When it is back, each finds it in its own time: whoever is last is not cut off yet.
                    seen = clock.GetTimestamp();
                }
                else if (clock.GetElapsedTime(seen) > settings.StorePatience)
                {
                    LogCutOff(failure, clock.GetElapsedTime(seen));
                    Leave();
                    return;
                }
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>What this store calls itself; the first silo that sees it gives it a name.</summary>
    private async Task<string?> NameAsync(IDatabase store)
    {
        await store.StringSetAsync(Identity, Guid.NewGuid().ToString("N"), when: When.NotExists);
        return await store.StringGetAsync(Identity);
    }

    private static async Task<DateTimeOffset> TimeAsync(IDatabase store)
    {
        // Seconds since 1970 and microseconds within the second.
        var parts = (long[])(await store.ExecuteAsync("TIME"))!;
        return DateTimeOffset.FromUnixTimeSeconds(parts[0]).AddMicroseconds(parts[1]);
    }

    private void Leave()
    {
        Gone = true;
        host.StopApplication();
    }

    [LoggerMessage(LogLevel.Critical, "The store was wiped or replaced while this silo ran. It stops; check Redis (AOF on, volume kept), restore it from a copy, and start the silos again")]
    private partial void LogWiped();

    [LoggerMessage(LogLevel.Critical, "The store has not answered this silo for {Elapsed}; the other silos see it, or do not answer either. It stops, and its jobs go on elsewhere; check this host's network")]
    private partial void LogCutOff(Exception failure, TimeSpan elapsed);
}
