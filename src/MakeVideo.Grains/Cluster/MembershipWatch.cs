using MakeVideo.Contracts;
using MakeVideo.Grains.Jobs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MakeVideo.Grains.Cluster;

/// <summary>The quickest way to wake a job: the membership says that a silo is dead, and the jobs that it owned are woken at once.</summary>
internal sealed partial class MembershipWatch(
    ISiloStatusOracle membership, JobCatalog catalog, JobWaker waker, SiloBoard board, SiloBoardExchange exchange, ClusterSettings settings, TimeProvider clock, ILogger<MembershipWatch> logger)
    : BackgroundService, ISiloStatusListener
{
    private static readonly TimeSpan TellEvery = TimeSpan.FromMilliseconds(500);

    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status is SiloStatus.Dead)
        {
            board.Forget(updatedSilo);
            if (settings.WakeUnfinished && !board.Draining)
            {
                _ = WakeOwnedAsync(updatedSilo);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        membership.SubscribeToSiloStatusEvents(this);
        try
        {
            using var timer = new PeriodicTimer(TellEvery, clock);
            do
            {
                await exchange.RoundAsync();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        finally
        {
            membership.UnSubscribeFromSiloStatusEvents(this);
        }
    }

    // Every silo that is left does it, for any of them may be the next to die; a second wake of a job is nothing.
    private async Task WakeOwnedAsync(SiloAddress dead)
    {
        try
        {
            var owned = await catalog.OwnedAsync(dead.ToParsableString());
            LogSiloLost(dead.ToParsableString(), owned.Length);
            await waker.WakeAsync(owned, WakeCause.SiloLost, CancellationToken.None);
            await catalog.ForgetOwnerAsync(dead.ToParsableString());
        }
        catch (Exception failure)
        {
            LogNotWoken(failure, dead.ToParsableString());
        }
    }

    [LoggerMessage(LogLevel.Warning, "Silo {Silo} is dead; it owned {Count} jobs")]
    private partial void LogSiloLost(string silo, int count);

    [LoggerMessage(LogLevel.Error, "The jobs of dead silo {Silo} could not be woken; the reconciler will")]
    private partial void LogNotWoken(Exception failure, string silo);
}
