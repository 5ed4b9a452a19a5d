using MakeVideo.Contracts;
using Microsoft.Extensions.Logging;

namespace MakeVideo.Grains.Jobs;

internal sealed partial class JobGrain
{
    [LoggerMessage(LogLevel.Information, "Job {JobId} accepted: {Seconds:0.0} s of audio")]
    private partial void LogSubmitted(string jobId, double seconds);

    [LoggerMessage(LogLevel.Error, "The upload of job {JobId} could not be checked")]
    private partial void LogAdmissionFailed(Exception failure, string jobId);

    [LoggerMessage(LogLevel.Information, "Job {JobId} deleted")]
    private partial void LogDeleted(string jobId);

    [LoggerMessage(LogLevel.Information, "Taken up as attempt {Epoch}")]
    private partial void LogTakenUp(int epoch);

    [LoggerMessage(LogLevel.Information, "Stopped while {Status}")]
    private partial void LogStopped(JobStatus status);

    [LoggerMessage(LogLevel.Warning, "Another activation has taken over; this one ends")]
    private partial void LogFenced(Exception failure);

    [LoggerMessage(LogLevel.Error, "The attempt met an unexpected error")]
    private partial void LogCrashed(Exception failure);

    [LoggerMessage(LogLevel.Information, "{Status} {Code} {Message}")]
    private partial void LogFinished(JobStatus status, string? code, string? message);
}
