using MakeVideo.Contracts;

namespace MakeVideo.Grains.Cluster;

/// <summary>What an exception means to a job: the last resort, where nothing expected it.</summary>
internal static class Failures
{
    // EIO and EROFS, errno(3); .NET keeps them in the low bits of HResult on Linux.
    private const int InputOutputError = 5;
    private const int ReadOnlyFileSystem = 30;

    public static JobFailure Of(Exception exception, JobStage? stage) => exception switch
    {
        IOException full when FullDisk.Is(full) =>
            new(FailureCodes.DiskFull, stage, "The disk is full. Free space in the data folder, then retry the job.", Retryable: true),
        IOException { HResult: var result } unwritable when (result & 0xFFFF) is ReadOnlyFileSystem or InputOutputError =>
            new(FailureCodes.OutputNotWritable, stage, $"The data folder cannot be written: {OneLine(unwritable.Message)}. Mend its disk or mount, then retry the job.", Retryable: true),
        UnauthorizedAccessException =>
            new(FailureCodes.OutputNotWritable, stage, $"No permission: {OneLine(exception.Message)}. Give the service's user access to the data folder.", Retryable: true),
        _ when Outages.Is(exception) =>
            new(FailureCodes.StoreUnavailable, stage, "The store does not answer. Check Redis, then retry the job.", Retryable: true),
        _ => new(FailureCodes.Internal, stage, $"An unexpected error ({exception.GetType().Name}). The log has it; retry the job, and report it if it comes again.", Retryable: true),
    };

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").TrimEnd('.', ' ');
}
