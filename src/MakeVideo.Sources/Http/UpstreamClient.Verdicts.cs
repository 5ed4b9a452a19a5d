using System.Globalization;
using System.Net;
using System.Security.Authentication;
using MakeVideo.Contracts;

namespace MakeVideo.Sources.Http;

/// <summary>What an answer, or the lack of one, means. Messages name the upstream and what to do; never a query, a header or a key.</summary>
internal sealed partial class UpstreamClient
{
    /// <summary>A 429 that names no time.</summary>
    private static readonly TimeSpan DefaultPause = TimeSpan.FromSeconds(5);

    private string Who => $"The upstream {_options.Name} at {_options.Url.Authority}";

    /// <summary>Null for a success.</summary>
    internal Attempt? Judge(UpstreamRequest request, HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        if (status is >= 200 and < 300)
        {
            return null;
        }

        var pause = RetryAfter.Of(response, _clock.GetUtcNow(), _options.LongestPause);
        var said = string.Create(CultureInfo.InvariantCulture, $"answers {status}");
        return status switch
        {
            429 => Attempt.Throttled(Throttled(request.Stage, pause ?? DefaultPause), pause ?? DefaultPause),
            503 when pause is not null => Attempt.Later(Unavailable(request.Stage, said), pause),
            408 or 425 or >= 500 and not (501 or 505) => Attempt.Later(Unavailable(request.Stage, said)),
            401 or 403 => Attempt.Final(Refused(request.Stage, $"{said}: it does not take our key")),
            _ => Attempt.Final(Refused(request.Stage, $"{said} to {request}")),
        };
    }

    private Attempt CannotSpeak(UpstreamRequest request, HttpRequestException failure)
    {
        if (failure.InnerException is HopRefusedException hop)
        {
            return Attempt.Final(Refused(request.Stage, hop.Message));
        }

        // A certificate does not mend itself; a handshake that broke off is a connection like any other.
        if (failure.HttpRequestError is HttpRequestError.SecureConnectionError && failure.InnerException is AuthenticationException { InnerException: null } certificate)
        {
            return Attempt.Final(Refused(request.Stage, $"shows a certificate that cannot be trusted ({certificate.Message.TrimEnd('.')})"), UpstreamVerdict.Abandoned);
        }

        return failure.HttpRequestError switch
        {
            HttpRequestError.ConfigurationLimitExceeded => Attempt.Final(Invalid(request.Stage, "its headers are too long")),
            HttpRequestError.NameResolutionError => Attempt.Later(Unavailable(request.Stage, "has a name that is not found")),
            HttpRequestError.ConnectionError => Attempt.Later(Unavailable(request.Stage, "refuses the connection or cannot be reached")),
            _ => Attempt.Later(Unavailable(request.Stage, "hung up before it answered")),
        };
    }

    private JobFailure Unavailable(JobStage stage, string what) => new(
        FailureCodes.UpstreamUnavailable, stage, $"{Who} {what}. Check it; the job goes on when it is back.", Retryable: true, _clock.GetUtcNow() + UpstreamPermit.SoonAgain, _options.Name);

    private JobFailure Throttled(JobStage stage, TimeSpan pause) => new(
        FailureCodes.UpstreamThrottled, stage, string.Create(CultureInfo.InvariantCulture, $"{Who} asks for a pause of {pause.TotalSeconds:0} s. The job goes on after it."), Retryable: true, _clock.GetUtcNow() + pause, _options.Name);

    private JobFailure Refused(JobStage stage, string what) => new(
        FailureCodes.UpstreamRefused, stage, $"{Who} {what}. Check {_options.Section} in the settings.", Upstream: _options.Name);

    private JobFailure Invalid(JobStage stage, string what) => new(
        FailureCodes.UpstreamAnswerInvalid, stage, $"{Who} gave an answer that cannot be used: {what}. Check that its address is right and its version known.", Retryable: true, Upstream: _options.Name);
}
