using MakeVideo.Contracts;

namespace MakeVideo.Grains.Jobs;

/// <summary>
/// The states of a job and the moves between them:
/// <code>
/// queued -> working -> completed
///   |  ^      | ^ \--> failed, dead_lettered
///   |  |      v |
///   |  +--- parked          cancelled: from queued, working, parked
///   retry: failed, cancelled, dead_lettered -> queued
/// </code>
/// </summary>
internal static class JobMoves
{
    /// <summary>Null when the move is legal, else why it is not.</summary>
    public static string? Refusal(JobStatus from, JobStatus to) => IsLegal(from, to) ? null : to switch
    {
        JobStatus.Cancelled => $"The job is {ApiNames.Of(from)} already; only a job that is queued, parked or at work can be cancelled.",
        _ => $"A job that is {ApiNames.Of(from)} cannot become {ApiNames.Of(to)}.",
    };

    /// <summary>Null when a user may put the job back in line, else why not.</summary>
    public static string? RetryRefusal(JobStatus from) => from switch
    {
        JobStatus.Failed or JobStatus.Cancelled or JobStatus.DeadLettered => null,
        JobStatus.Completed => "The job is completed; there is nothing to retry. Send it again for another video.",
        _ => $"The job is {ApiNames.Of(from)} and needs no retry; only a job that failed, was cancelled or was given up can be retried.",
    };

    /// <summary>Whether a job that stands there has nothing left to do.</summary>
    public static bool IsFinal(JobStatus status) => status is JobStatus.Completed or JobStatus.Failed or JobStatus.Cancelled or JobStatus.DeadLettered;

    private static bool IsLegal(JobStatus from, JobStatus to) => (from, to) switch
    {
        _ when IsWorking(from) && IsWorking(to) => true,
        (JobStatus.Queued, _) => IsWorking(to) || to is JobStatus.Queued or JobStatus.Cancelled or JobStatus.DeadLettered or JobStatus.Failed,
        (JobStatus.Parked, _) => IsWorking(to) || to is JobStatus.Queued or JobStatus.Parked or JobStatus.Cancelled or JobStatus.DeadLettered or JobStatus.Failed,
        (JobStatus.Failed or JobStatus.Cancelled or JobStatus.DeadLettered, _) => to is JobStatus.Queued,
        (JobStatus.Completed, _) => false,
        _ => true,
    };

    private static bool IsWorking(JobStatus status) => status is > JobStatus.Queued and < JobStatus.Completed;
}
