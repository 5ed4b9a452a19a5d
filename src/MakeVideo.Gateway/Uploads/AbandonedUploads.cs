using MakeVideo.Contracts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MakeVideo.Gateway.Uploads;

/// <summary>
/// At start, removes what a killed gateway left half-received. A running upload writes its partial file all the time
/// (Kestrel drops whoever sends too slowly), so one that has been still for an hour is nobody's, whichever gateway took it.
/// </summary>
internal sealed partial class AbandonedUploads(DataFolder data, TimeProvider clock, ILogger<AbandonedUploads> logger) : BackgroundService
{
    private static readonly TimeSpan StillFor = TimeSpan.FromHours(1);

    /// <summary>Count of uploads that were removed.</summary>
    public int Remove()
    {
        var root = new DirectoryInfo(Path.GetDirectoryName(data.Upload("any"))!);
        var removed = 0;
        foreach (var folder in root.Exists ? root.EnumerateDirectories() : [])
        {
            try
            {
                var partial = folder.EnumerateFiles("*" + UploadedFile.PartialSuffix).ToList();
                if (partial.Count > 0 && partial.All(file => clock.GetUtcNow() - file.LastWriteTimeUtc > StillFor))
                {
                    folder.Delete(recursive: true);
                    removed++;
                }
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                LogNotRemoved(failure, folder.Name);
            }
        }

        return removed;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The start does not wait for a slow volume.
        await Task.Yield();
        if (Remove() is > 0 and var removed)
        {
            LogRemoved(removed);
        }
    }

    [LoggerMessage(LogLevel.Information, "Removed {Count} uploads that were never finished")]
    private partial void LogRemoved(int count);

    [LoggerMessage(LogLevel.Warning, "The unfinished upload {JobId} could not be removed")]
    private partial void LogNotRemoved(Exception failure, string jobId);
}
