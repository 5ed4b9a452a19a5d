using MakeVideo.Contracts;

namespace MakeVideo.Sources.Http;

/// <summary>How one attempt of a call ended.</summary>
/// <param name="Reply">Set on success of a JSON call.</param>
/// <param name="Failure">Set on failure.</param>
/// <param name="Again">Whether the same call may succeed in a moment.</param>
/// <param name="Report">What the gate is told.</param>
internal sealed record Attempt(UpstreamReply? Reply, JobFailure? Failure, bool Again, UpstreamReport Report)
{
    private static readonly UpstreamReport Answered = new(UpstreamVerdict.Answered);

    /// <summary>A success without JSON.</summary>
    public static Attempt Done { get; } = new(null, null, false, Answered);

    public static Attempt Of(UpstreamReply reply) => new(reply, null, false, Answered);

    /// <summary>What another attempt would not change.</summary>
    public static Attempt Final(JobFailure failure, UpstreamVerdict verdict = UpstreamVerdict.Answered) => new(null, failure, false, new(verdict));

    /// <summary>What passes.</summary>
    public static Attempt Later(JobFailure failure, TimeSpan? pause = null) => new(null, failure, true, new(UpstreamVerdict.Failed, pause));

    /// <summary>The gate stays closed for the pause; the next attempt finds out there whether it is worth waiting for.</summary>
    public static Attempt Throttled(JobFailure failure, TimeSpan pause) => new(null, failure, true, new(UpstreamVerdict.Throttled, pause));
}
