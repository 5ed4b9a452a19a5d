using System.Collections.Immutable;
using MakeVideo.Contracts;
using MakeVideo.Grains.Jobs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MakeVideo.Grains.Cluster;

/// <summary>Counts the cluster's jobs and the bytes of the data folder for <see cref="Census"/>. Each silo does: no death of one blinds the operator.</summary>
internal sealed partial class CensusTaker(Census census, JobCatalog catalog, ClusterSettings settings, TimeProvider clock, ILogger<CensusTaker> logger) : BackgroundService
{
    /// <summary>As often as Prometheus commonly asks. One look reads a number per kind of status, and the beats of what has work left.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    /// <summary>Looks at the disk are a walk over all files: one in twenty of the others, every 5 minutes.</summary>
    private const int DiskEvery = 20;

    /// <summary>See <see cref="DataFolder"/>.</summary>
    private static readonly ImmutableArray<string> Areas = ["clips", "segments", "store", "thumbnails", "uploads", "videos", "work"];

    private static readonly EnumerationOptions AllFiles = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(Every, clock);
        for (var look = 0; !stoppingToken.IsCancellationRequested; look++)
        {
            await LookAsync();
            LookAtDisk(thoroughly: look % DiskEvery == 0);
            await timer.WaitForNextTickAsync(stoppingToken);
        }
    }

    private async Task LookAsync()
    {
        try
        {
            census.Seen = await catalog.TakeCensusAsync(settings.Silence, clock.GetUtcNow());
        }
        catch (Exception failure) when (Outages.Is(failure))
        {
            // The scan's time stands still, and that is what the alert looks at.
            LogStoreSilent(failure);
        }
    }

    private void LookAtDisk(bool thoroughly)
    {
        try
        {
            var disk = new DriveInfo(settings.Data.Root);
            var used = thoroughly || census.Disk is null
                ? Areas.ToImmutableDictionary(area => area, area => BytesOf(new(Path.Combine(settings.Data.Root, area))))
                : census.Disk.Used;
            census.Disk = new(disk.AvailableFreeSpace, disk.TotalSize, used);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogDiskUnread(failure, settings.Data.Root);
        }
    }

    /// <summary>Files may go while they are counted.</summary>
    private static long BytesOf(DirectoryInfo area) => !area.Exists ? 0 : area.EnumerateFiles("*", AllFiles).Sum(file => file.Exists ? file.Length : 0);

    [LoggerMessage(LogLevel.Warning, "The cluster's jobs could not be counted; the next look will try again")]
    private partial void LogStoreSilent(Exception failure);

    [LoggerMessage(LogLevel.Warning, "The bytes of {Path} could not be counted; the next look will try again")]
    private partial void LogDiskUnread(Exception failure, string path);
}
