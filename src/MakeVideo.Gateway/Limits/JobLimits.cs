using System.Globalization;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Keys;
using MakeVideo.Gateway.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace MakeVideo.Gateway.Limits;

/// <summary>
/// Whether the cluster can take another job: looked at before a byte of it is read. Many who ask in the same moment may all be let in; the limits
/// are there for floods, and a flood's next moment finds them reached.
/// </summary>
internal sealed class JobLimits(IGrainFactory grains, DataFolder data, IOptions<LimitOptions> options)
{
    /// <summary>A network volume that is gone blocks whoever asks it.</summary>
    private static readonly TimeSpan DiskAnswersWithin = TimeSpan.FromSeconds(2);

    /// <summary>Nobody plans a retry for tomorrow; who comes back sooner is told anew.</summary>
    private static readonly TimeSpan LongestRetry = TimeSpan.FromHours(1);

    public async ValueTask<object?> FilterAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next) =>
        await RefusalAsync(call.HttpContext.Caller().Owner) ?? await next(call);

    /// <summary>For what puts a file on the disk and is no job.</summary>
    public async ValueTask<object?> SpaceFilterAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next) => await NoSpaceAsync() ?? await next(call);

    /// <summary>Why no job is taken now; null when one is.</summary>
    public async Task<Problem?> RefusalAsync(string? owner)
    {
        var limits = options.Value;
        if (await NoSpaceAsync() is { } full)
        {
            return full;
        }

        var unfinished = owner is null ? 0 : await grains.GetGrain<IJobCatalogGrain>(0).UnfinishedAsync(owner);
        var load = await grains.GetGrain<IJobQueueGrain>(0).LoadAsync();
        if (unfinished >= limits.JobsOfOne)
        {
            // One of the owner's is done when each owner at work has had a turn.
            return Refusal(HttpCodes.TooManyJobs, $"You have {unfinished} jobs that are not over; {limits.JobsOfOne} are the most.", SecondsOfOne(load) * Math.Max(1, load.Owners));
        }

        if (load.Waiting >= limits.QueuedJobs)
        {
            return Refusal(HttpCodes.QueueFull, $"{load.Waiting} jobs are in line; {limits.QueuedJobs} are the most.", (load.Waiting - limits.QueuedJobs + 1) * SecondsOfOne(load));
        }

        // The line moves a second in each second: what is too much is gone after as long.
        var wait = load.WaitingSeconds;
        return wait >= limits.LongestWait.TotalSeconds
            ? Refusal(HttpCodes.QueueFull, string.Create(CultureInfo.InvariantCulture, $"The jobs in line take about {wait / 60:0} minutes; {limits.LongestWait.TotalMinutes:0} are the most."), wait - limits.LongestWait.TotalSeconds)
            : null;
    }

    /// <summary>Seconds that the cluster needs for a job like those that are here.</summary>
    private static double SecondsOfOne(QueueLoad load) => (load.WaitingSeconds + load.WorkingSeconds) / Math.Max(1, load.Waiting + load.Working);

    private async Task<Problem?> NoSpaceAsync() => await Task.Run(HasSpace).WaitAsync(DiskAnswersWithin)
        ? null
        : new(new(FailureCodes.DiskFull, null, "The server's disk is nearly full; it takes no new files until some jobs are deleted. Send the request again later.", Retryable: true));

    private bool HasSpace()
    {
        Directory.CreateDirectory(data.Root);
        var disk = new DriveInfo(data.Root);
        return disk.AvailableFreeSpace >= Math.Min(options.Value.FreeBytes, disk.TotalSize * options.Value.FreeShare);
    }

    private static Problem Refusal(string code, string message, double seconds) => new(
        new(code, null, $"{message} Send the request again after the time that Retry-After says.", Retryable: true),
        TimeSpan.FromSeconds(Math.Clamp(seconds, 1, LongestRetry.TotalSeconds)));
}
