using MakeVideo.Contracts;
using StackExchange.Redis;

namespace MakeVideo.Grains.Cluster;

/// <summary>What an exception means to a job: the last resort, where nothing expected it.</summary>
internal static class Failures
{
    private const int NoSpaceLeft = 28; // ENOSPC, errno(3); .NET keeps it in the low bits of HResult on Linux.

    public static JobFailure Of(Exception exception, JobStage? stage) => exception switch
    {
        IOException { HResult: var result } when (result & 0xFFFF) == NoSpaceLeft =>
            new(FailureCodes.DiskFull, stage, "The disk is full. Free space in the data folder, then retry the job.", Retryable: true),
        UnauthorizedAccessException =>
            new(FailureCodes.OutputNotWritable, stage, $"No permission: {OneLine(exception.Message)}. Give the service's user access to the data folder.", Retryable: true),
        RedisException or TimeoutException =>
            new(FailureCodes.StoreUnavailable, stage, "The store does not answer. Check Redis, then retry the job.", Retryable: true),
        _ => new(FailureCodes.Internal, stage, $"An unexpected error ({exception.GetType().Name}). The log has it; retry the job, and report it if it comes again.", Retryable: true),
    };

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").TrimEnd('.', ' ');
}
