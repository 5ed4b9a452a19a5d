using System.Text.RegularExpressions;
using MakeVideo.Contracts;
using MakeVideo.Sources.Http;

namespace MakeVideo.Sources.YtDlp;

/// <summary>What yt-dlp's complaints mean. It has one exit code for all, so its words are read; what is not known counts as a failure of this one clip.</summary>
internal static partial class YtDlpErrors
{
    /// <summary>YouTube names no time; its limits last minutes.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    /// <summary>The failure, and what the gate is told of it.</summary>
    public static (JobFailure Failure, UpstreamReport Report) Read(ToolResult result, string program, JobStage stage, DateTimeOffset now)
    {
        var said = Library.OneLine.Of(result.Errors.Split('\n').Select(line => line.Trim()).LastOrDefault(line => line.Length > 0) ?? "it does not say why", 200);
        return result.End switch
        {
            ToolEnd.NotFound => (new(FailureCodes.ToolMissing, stage, $"{program} is not there. Install yt-dlp, or set Upstreams:YtDlp:Path to where it is."), new(UpstreamVerdict.Abandoned)),
            ToolEnd.TimedOut => (Unavailable(stage, "did not finish in time", now), new(UpstreamVerdict.Failed)),
            _ when NoSpace().IsMatch(result.Errors) => (new(FailureCodes.DiskFull, stage, "No space is left for a clip of yt-dlp. Free some; the job goes on by itself.", Retryable: true), new(UpstreamVerdict.Abandoned)),
            _ when Limited().IsMatch(result.Errors) =>
                (new(FailureCodes.UpstreamThrottled, stage, $"yt-dlp is asked to slow down ({said}). The job goes on after a pause.", Retryable: true, now + Pause, YtDlpSource.SourceName), new(UpstreamVerdict.Throttled, Pause)),
            _ when Gone().IsMatch(result.Errors) => (new(FailureCodes.ClipMissing, stage, $"A clip of yt-dlp cannot be used: {said}."), new(UpstreamVerdict.Answered)),
            _ when Away().IsMatch(result.Errors) => (Unavailable(stage, $"cannot reach its site ({said})", now), new(UpstreamVerdict.Failed)),
            _ => (new(FailureCodes.UpstreamFailed, stage, $"yt-dlp failed ({said}). An old one no longer knows its sites: try a newer one.", Retryable: true), new(UpstreamVerdict.Answered)),
        };
    }

    private static JobFailure Unavailable(JobStage stage, string what, DateTimeOffset now) =>
        new(FailureCodes.UpstreamUnavailable, stage, $"yt-dlp {what}. The job goes on when it can.", Retryable: true, now + UpstreamPermit.SoonAgain, YtDlpSource.SourceName);

    [GeneratedRegex("No space left on device|Disk quota exceeded", RegexOptions.IgnoreCase)]
    private static partial Regex NoSpace();

    [GeneratedRegex("HTTP Error 429|Too Many Requests|not a bot|rate.?limit", RegexOptions.IgnoreCase)]
    private static partial Regex Limited();

    [GeneratedRegex("Video unavailable|Private video|not available|has been removed|account .* terminated|confirm your age|members-only|HTTP Error 404|HTTP Error 410|Premieres in|Requested format is not available", RegexOptions.IgnoreCase)]
    private static partial Regex Gone();

    [GeneratedRegex("timed out|Connection (refused|reset|aborted)|Name or service not known|Temporary failure in name resolution|getaddrinfo|Network is unreachable|HTTP Error 5[0-9][0-9]|IncompleteRead|SSL", RegexOptions.IgnoreCase)]
    private static partial Regex Away();
}
