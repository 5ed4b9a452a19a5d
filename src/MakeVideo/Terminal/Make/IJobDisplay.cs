using MakeVideo.Contracts;

namespace MakeVideo.Terminal.Make;

/// <summary>Shows a job while it runs: live, as lines, or as JSON.</summary>
internal interface IJobDisplay
{
    /// <summary>The job was taken in, or found unfinished.</summary>
    void Begin(JobView view, bool resumed);

    /// <summary>Shows every view until the last, and returns that.</summary>
    Task<JobView> FollowAsync(IAsyncEnumerable<JobView> views);

    void Complete(JobView view, JobResult result, string path);

    void Fail(JobView view, JobFailure failure);
}
