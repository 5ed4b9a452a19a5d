using System.Collections.Immutable;
using MakeVideo.Contracts;
using Microsoft.Extensions.Logging;

namespace MakeVideo.Grains.Cluster;

/// <summary>Wakes jobs, a few at a time: a start with thousands of them must not drown the cluster.</summary>
internal sealed partial class JobWaker(IGrainFactory grains, TimeProvider clock, ILogger<JobWaker> logger)
{
    /// <summary>Activations asked for at once.</summary>
    private const int AtOnce = 16;

    /// <summary>The directory needs moments to forget a silo that died; a wake that finds it still there is tried again.</summary>
    private const int Attempts = 20;

    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(200);

    /// <summary>Wakes them in order. One that cannot be woken is left to its reminder.</summary>
    public async Task WakeAsync(ImmutableArray<string> jobs, WakeCause cause, CancellationToken cancellation)
    {
        await Parallel.ForEachAsync(jobs, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, (job, stop) => WakeAsync(job, cause, stop));
        if (!jobs.IsEmpty)
        {
            LogWoken(jobs.Length, cause);
        }
    }

    private async ValueTask WakeAsync(string job, WakeCause cause, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (await grains.GetGrain<IJobGrain>(job).WakeAsync(cause) || attempt == Attempts)
                {
                    return;
                }
            }
            catch (Exception failure) when (attempt < Attempts && Outages.Is(failure))
            {
                // Not yet.
            }
            catch (Exception failure) when (!cancellation.IsCancellationRequested)
            {
                LogNotWoken(failure, job);
                return;
            }

            await Task.Delay(Again, clock, cancellation);
        }
    }

    [LoggerMessage(LogLevel.Information, "Woke {Count} jobs ({Cause})")]
    private partial void LogWoken(int count, WakeCause cause);

    [LoggerMessage(LogLevel.Warning, "Job {JobId} could not be woken; its reminder will try again")]
    private partial void LogNotWoken(Exception failure, string jobId);
}
