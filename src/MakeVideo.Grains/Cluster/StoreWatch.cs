using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace MakeVideo.Grains.Cluster;

/// <summary>
/// Looks at the store every second. A silo that alone is cut off from it leaves, so that its jobs go where they can be kept; a store that
/// was wiped or replaced stops every silo, for they would work on as ghosts. While the store is down for all, they wait for it.
/// </summary>
internal sealed partial class StoreWatch(
    IConnectionMultiplexer redis, SiloBoard board, ClusterSettings settings, IHostApplicationLifetime host, TimeProvider clock, ILogger<StoreWatch> logger) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>An ffmpeg has 5 s to end; what a silo does after that is to tell the store that it leaves, for minutes, in vain.</summary>
    private static readonly TimeSpan LeavesWithin = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource _overdue = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RedisKey Identity => $"{settings.ServiceId}/store-identity";

    /// <summary>Whether the process ended because it must not work on; its exit code is then not 0.</summary>
    public bool Gone { get; private set; }

    /// <summary>Completes when a process that must not work on has had its time to leave in good order.</summary>
    public Task Overdue => _overdue.Task;

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
                if (clock.GetElapsedTime(seen) > settings.StorePatience && board.Others.Any(other => other.StoreSeen))
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

    private void Leave()
    {
        Gone = true;
        host.StopApplication();
        _ = Task.Delay(LeavesWithin, clock).ContinueWith(_ => _overdue.TrySetResult(), TaskScheduler.Default);
    }

    [LoggerMessage(LogLevel.Critical, "The store was wiped or replaced while this silo ran. It stops; check Redis (AOF on, volume kept), restore it from a copy, and start the silos again")]
    private partial void LogWiped();

    [LoggerMessage(LogLevel.Critical, "The store has not answered this silo for {Elapsed}, but answers others. It stops, and its jobs go on elsewhere; check this host's network")]
    private partial void LogCutOff(Exception failure, TimeSpan elapsed);
}
