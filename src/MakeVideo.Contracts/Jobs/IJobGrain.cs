using System.Collections.Immutable;
using Orleans.Concurrency;

namespace MakeVideo.Contracts;

/// <summary>One job, from submission to published video. Key: job id.</summary>
[Alias("job-grain")]
public interface IJobGrain : IGrainWithStringKey
{
    /// <summary>
    /// Checks the upload and takes the job in. The same id again answers with the job as it stands.
    /// Fails with the codes of requests and audio; nothing is kept then. The check decodes the whole audio, up to an hour of it:
    /// on a busy machine that takes longer than other calls may.
    /// </summary>
    [Alias("submit"), ResponseTimeout("00:02:00")]
    Task<Outcome<JobView>> SubmitAsync(JobRequest request);

    /// <summary>The job, or null where there is none.</summary>
    [AlwaysInterleave, Alias("get")]
    Task<JobView?> GetAsync();

    /// <summary>Whether there is such a job, and it is this owner's.</summary>
    [AlwaysInterleave, Alias("belongs-to")]
    Task<bool> BelongsToAsync(string owner);

    /// <summary>Long poll: the job as soon as its revision differs from <paramref name="known"/>, or after 10 s; null where there is none.</summary>
    [AlwaysInterleave, Alias("watch")]
    Task<JobView?> WatchAsync(long known);

    /// <summary>Stops the work for good; its children are gone when this returns. Refused with <see cref="FailureCodes.JobConflict"/> after the end.</summary>
    [Alias("cancel")]
    Task<Outcome<JobView>> CancelAsync();

    /// <summary>Stops the work and removes the job with its files. False where there is none.</summary>
    [Alias("delete")]
    Task<bool> DeleteAsync();

    /// <summary>
    /// Puts a job that failed, was cancelled or was given up back in line; it goes on from what is done.
    /// Refused with <see cref="FailureCodes.JobConflict"/> in any other state.
    /// </summary>
    [Alias("retry")]
    Task<Outcome<JobView>> RetryAsync();

    /// <summary>Ends a job that nobody works on with <see cref="FailureCodes.Orphaned"/>. False when it is at work or over.</summary>
    [Alias("give-up")]
    Task<bool> GiveUpAsync();

    /// <summary>Takes up the work where it stood, if there is work and nobody is at it. Safe to repeat.</summary>
    /// <param name="cause">Why it may have been left.</param>
    /// <returns>False when the silo that answers is leaving: the same call finds another in a moment.</returns>
    [Alias("wake")]
    Task<bool> WakeAsync(WakeCause cause);

    /// <summary>Checkpoints and stops the job on this silo, to be woken elsewhere or later. Items of it that other silos work on go on.</summary>
    [Alias("drain")]
    Task DrainAsync();

    /// <summary>What is said in the job's audio; null until that is known.</summary>
    [AlwaysInterleave, Alias("transcript")]
    Task<Transcript?> TranscriptAsync();

    /// <summary>The job's life, oldest first: who did what, where, when. Empty where there is no job.</summary>
    [AlwaysInterleave, Alias("events")]
    Task<ImmutableArray<JobEvent>> EventsAsync();
}
