using MakeVideo.Contracts;
using MakeVideo.Grains.Jobs;
using Microsoft.Extensions.Logging;

namespace MakeVideo.Grains.Cluster;

/// <summary>A silo that starts wakes every job that has work left, a few at a time.</summary>
internal sealed partial class RecoverySweep(JobCatalog catalog, IGrainFactory grains, ILogger<RecoverySweep> logger) : IStartupTask
{
    /// <summary>Bounds the activations that a start with thousands of jobs asks for at once.</summary>
    private const int AtOnce = 16;

    public async Task Execute(CancellationToken cancellationToken)
    {
        var active = await catalog.ActiveAsync();
        await Parallel.ForEachAsync(active, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (job, _) =>
        {
            try
            {
                await grains.GetGrain<IJobGrain>(job).WakeAsync();
            }
            catch (Exception failure)
            {
                // Its reminder will try again.
                LogNotWoken(failure, job);
            }
        });
        if (active.Length > 0)
        {
            LogSwept(active.Length);
        }
    }

    [LoggerMessage(LogLevel.Information, "Woke {Count} jobs that had work left")]
    private partial void LogSwept(int count);

    [LoggerMessage(LogLevel.Warning, "Job {JobId} could not be woken")]
    private partial void LogNotWoken(Exception failure, string jobId);
}
