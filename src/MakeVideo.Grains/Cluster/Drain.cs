using MakeVideo.Contracts;
using MakeVideo.Grains.Budgets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MakeVideo.Grains.Cluster;

/// <summary>
/// Leaves in good order. Registered last, so that it stops first: take no new work, tell the others, checkpoint and stop every job that
/// lives here, and have each taken up elsewhere before the silo goes.
/// </summary>
internal sealed partial class Drain(SiloBoard board, SiloBoardExchange exchange, RunningJobs running, IGrainFactory grains, JobWaker waker, PaceBook paces, ILogger<Drain> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        board.Draining = true;
        await exchange.RoundAsync();
        var jobs = running.All;
        LogDraining(jobs.Length);
        await Task.WhenAll(jobs.Select(DrainAsync));
        Failpoints.Reached(Failpoints.Drained);
        if (board.Others.Any(other => !other.Draining))
        {
            await waker.WakeAsync(jobs, WakeCause.Drain, cancellationToken);
        }

        await paces.FlushAsync();
    }

    private async Task DrainAsync(string job)
    {
        try
        {
            await grains.GetGrain<IJobGrain>(job).DrainAsync();
        }
        catch (Exception failure)
        {
            // To others it is then as if this silo had died.
            LogNotDrained(failure, job);
        }
    }

    [LoggerMessage(LogLevel.Information, "Draining {Count} jobs")]
    private partial void LogDraining(int count);

    [LoggerMessage(LogLevel.Warning, "Job {JobId} could not be drained; it will be recovered")]
    private partial void LogNotDrained(Exception failure, string jobId);
}
