using MakeVideo.Contracts;
using MakeVideo.Grains.Jobs;
using MakeVideo.Media.Processes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MakeVideo.Grains.Cluster;

/// <summary>
/// Two of the four ways to wake a job: when a silo starts, all that have work left; then, slowly, those in the index that give no sign of life.
/// </summary>
internal sealed partial class RecoverySweep(JobCatalog catalog, JobWaker waker, IGrainFactory grains, ChildSweep children, ClusterSettings settings, TimeProvider clock, ILogger<RecoverySweep> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();

        // What a silo that was killed here left running, if the kernel did not end it with its parent.
        children.Sweep();
        if (settings.WakeUnfinished)
        {
            await SweepAsync(WakeCause.Startup, TimeSpan.Zero, stoppingToken);
        }

        // Silos that started together look at different times.
        using var timer = new PeriodicTimer(settings.ReconcileEvery * (0.75 + (Random.Shared.NextDouble() / 2)), clock);
        while (settings.WakeUnfinished && await timer.WaitForNextTickAsync(stoppingToken))
        {
            await SweepAsync(WakeCause.Stall, settings.Silence, stoppingToken);
            await TendAsync();
        }
    }

    private async Task TendAsync()
    {
        try
        {
            await grains.GetGrain<IClipCacheGrain>(0).TendAsync();
        }
        catch (Exception failure) when (Outages.Is(failure))
        {
            LogNotTended(failure);
        }
    }

    /// <summary>Wakes the jobs that have been silent for so long.</summary>
    private async Task SweepAsync(WakeCause cause, TimeSpan silence, CancellationToken cancellation)
    {
        try
        {
            var silent = await catalog.SilentAsync(silence);
            await waker.WakeAsync([.. silent.Select(job => job.JobId)], cause, cancellation);
        }
        catch (Exception failure) when (Outages.Is(failure))
        {
            LogStoreSilent(failure, cause);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The cache of clips could not be told to tend itself; the next round will try again")]
    private partial void LogNotTended(Exception failure);

    [LoggerMessage(LogLevel.Warning, "The index of jobs could not be read for the {Cause} sweep; the next one will try again")]
    private partial void LogStoreSilent(Exception failure, WakeCause cause);
}
