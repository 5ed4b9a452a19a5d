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

    [LoggerMessage(LogLevel.Warning, "The attempt met an outage; it reads the state again and goes on")]
    private partial void LogOutage(Exception failure);

    [LoggerMessage(LogLevel.Warning, "The sign of life did not reach the store")]
    private partial void LogNoBeat(Exception failure);

    [LoggerMessage(LogLevel.Warning, "The job could not be handed over; it will be recovered")]
    private partial void LogNotHandedOver(Exception failure);

    [LoggerMessage(LogLevel.Warning, "Tries again: {Message}")]
    private partial void LogTimedOut(string message);

    [LoggerMessage(LogLevel.Information, "Parked ({Code}) until {Until:HH:mm:ss}")]
    private partial void LogParked(string code, DateTimeOffset until);

    [LoggerMessage(LogLevel.Critical, "Job {JobId} is quarantined: its stored state cannot be read ({Corruption})")]
    private partial void LogCorrupt(string jobId, string corruption);

    [LoggerMessage(LogLevel.Error, "The attempt met an unexpected error")]
    private partial void LogCrashed(Exception failure);

    [LoggerMessage(LogLevel.Information, "{Status}")]
    private partial void LogFinished(JobStatus status);

    [LoggerMessage(LogLevel.Warning, "{Status}: {Code}: {Message}")]
    private partial void LogFailed(JobStatus status, string code, string message);
}
