using System.Globalization;
using MakeVideo.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace MakeVideo.Gateway.Problems;

/// <summary>A failure as problem details (RFC 9457): a stable <c>code</c>, a status by code, one line that says what to do.</summary>
/// <param name="failure">What is wrong.</param>
/// <param name="retryAfter">When to come back, where that is known better than by the code.</param>
internal sealed class Problem(JobFailure failure, TimeSpan? retryAfter = null) : IResult
{
    public const string ContentType = "application/problem+json";

    /// <summary>Seconds that a client should wait when the cluster does not answer: a silo's successor is there by then.</summary>
    private const int SoonAgain = 10;

    /// <summary>Seconds to wait for space on a disk: some job or some operator must end something first.</summary>
    private const int LaterAgain = 60;

    /// <summary>The answer for an address that no job has.</summary>
    public static Problem NoSuchJob(string id) =>
        new(new(FailureCodes.JobNotFound, null, JobIds.IsValid(id) ? $"There is no job {id}. It may have been deleted or have expired." : "That is no job id: one has 22 letters and digits."));

    /// <summary>HTTP status of a code; what the user sent is at fault unless the table says otherwise.</summary>
    public static int StatusOf(string code) => code switch
    {
        HttpCodes.BadRequest or HttpCodes.UnknownField or HttpCodes.FilterInvalid => StatusCodes.Status400BadRequest,
        HttpCodes.KeyMissing or HttpCodes.KeyInvalid => StatusCodes.Status401Unauthorized,
        HttpCodes.ScopeMissing or HttpCodes.CrossSite => StatusCodes.Status403Forbidden,
        FailureCodes.JobNotFound or HttpCodes.NotFound => StatusCodes.Status404NotFound,
        HttpCodes.MethodNotAllowed => StatusCodes.Status405MethodNotAllowed,
        HttpCodes.TooSlow => StatusCodes.Status408RequestTimeout,
        FailureCodes.JobNotCompleted or FailureCodes.JobConflict => StatusCodes.Status409Conflict,
        HttpCodes.OutputGone => StatusCodes.Status410Gone,
        FailureCodes.AudioTooLarge or HttpCodes.BodyTooLarge => StatusCodes.Status413PayloadTooLarge,
        HttpCodes.TooManyRequests or HttpCodes.TooManyUploads or HttpCodes.TooManyJobs => StatusCodes.Status429TooManyRequests,
        HttpCodes.UnsupportedMediaType => StatusCodes.Status415UnsupportedMediaType,
        FailureCodes.Internal or FailureCodes.StateCorrupt or FailureCodes.OutputNotWritable or FailureCodes.OutputInvalid
            or FailureCodes.RenderFailed or FailureCodes.RenderOutOfMemory or FailureCodes.RenderStalled or FailureCodes.RenderTimedOut => StatusCodes.Status500InternalServerError,
        FailureCodes.StoreUnavailable or FailureCodes.ToolMissing or FailureCodes.ModelMissing or FailureCodes.Stopped
            or HttpCodes.UploadsBusy or HttpCodes.QueueFull => StatusCodes.Status503ServiceUnavailable,
        FailureCodes.DiskFull => StatusCodes.Status507InsufficientStorage,
        _ => StatusCodes.Status422UnprocessableEntity,
    };

    public JobFailure Failure => failure;

    public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, failure, StatusOf(failure.Code), retryAfter);

    /// <summary>Writes the problem to a response that has not begun.</summary>
    public static Task WriteAsync(HttpContext context, JobFailure failure, int status, TimeSpan? retryAfter = null)
    {
        context.Response.StatusCode = status;
        if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable or StatusCodes.Status507InsufficientStorage)
        {
            var seconds = retryAfter is { } known ? Math.Max(1, Math.Ceiling(known.TotalSeconds)) : status == StatusCodes.Status507InsufficientStorage ? LaterAgain : SoonAgain;
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        return context.Response.WriteAsJsonAsync(BodyOf(failure, context.Request.Path, status), options: null, contentType: ContentType, context.RequestAborted);
    }

    /// <summary>A failure as it is sent.</summary>
    public static ProblemBody BodyOf(JobFailure failure, string path, int? status = null) =>
        new($"/problems/{failure.Code}", Title(failure.Code), status ?? StatusOf(failure.Code), failure.Message, path, failure.Code, failure.Retryable);

    private static string Title(string code) => string.Concat(code[..1].ToUpperInvariant(), code[1..].Replace('_', ' '));
}

/// <summary>Problem details as they are sent.</summary>
/// <param name="Type">Relative address that names the kind of problem.</param>
/// <param name="Title">The kind, for people.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Detail">One line: what is wrong, where, and what to do.</param>
/// <param name="Instance">The path that was asked for.</param>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Retryable">Whether the same request may succeed later, unchanged.</param>
internal sealed record ProblemBody(string Type, string Title, int Status, string Detail, string? Instance, string Code, bool Retryable);

/// <summary>Codes of failures that only HTTP has.</summary>
internal static class HttpCodes
{
    public const string BadRequest = "bad_request";
    public const string UnknownField = "unknown_field";
    public const string FilterInvalid = "filter_invalid";
    public const string KeyMissing = "key_missing";
    public const string KeyInvalid = "key_invalid";
    public const string ScopeMissing = "scope_missing";
    public const string CrossSite = "cross_site";
    public const string TooManyRequests = "too_many_requests";
    public const string TooManyUploads = "too_many_uploads";
    public const string UploadsBusy = "uploads_busy";
    public const string TooManyJobs = "too_many_jobs";
    public const string QueueFull = "queue_full";
    public const string NotFound = "not_found";
    public const string MethodNotAllowed = "method_not_allowed";
    public const string TooSlow = "request_too_slow";
    public const string OutputGone = "output_gone";
    public const string BodyTooLarge = "body_too_large";
    public const string UnsupportedMediaType = "unsupported_media_type";
}

/// <summary>Tells the API's description which problems a call may answer with.</summary>
internal static class ProblemDescriptions
{
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
        {
            route.Produces<ProblemBody>(status, Problem.ContentType);
        }

        return route;
    }
}
