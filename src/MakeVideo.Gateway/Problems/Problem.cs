using MakeVideo.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace MakeVideo.Gateway.Problems;

/// <summary>Failures as problem details (RFC 9457): a stable <c>code</c>, a status by code, one line that says what to do.</summary>
internal static class Problem
{
    /// <summary>Seconds that a client should wait when the cluster does not answer: a silo's successor is there by then.</summary>
    private const int RetryAfter = 10;

    /// <summary>The answer for an expected failure.</summary>
    public static IResult Of(JobFailure failure) => new Answer(failure, StatusOf(failure.Code));

    /// <summary>The answer for an address that no job has.</summary>
    public static IResult NoSuchJob(string id) =>
        Of(new(FailureCodes.JobNotFound, null, JobIds.IsValid(id) ? $"There is no job {id}. It may have been deleted or have expired." : "That is no job id: one has 22 letters and digits."));

    /// <summary>HTTP status of a code.</summary>
    public static int StatusOf(string code) => code switch
    {
        FailureCodes.JobNotFound or HttpCodes.NotFound => StatusCodes.Status404NotFound,
        HttpCodes.MethodNotAllowed => StatusCodes.Status405MethodNotAllowed,
        FailureCodes.JobNotCompleted or FailureCodes.JobConflict => StatusCodes.Status409Conflict,
        FailureCodes.AudioTooLarge or HttpCodes.BodyTooLarge => StatusCodes.Status413PayloadTooLarge,
        HttpCodes.UnsupportedMediaType => StatusCodes.Status415UnsupportedMediaType,
        HttpCodes.BadRequest => StatusCodes.Status400BadRequest,
        FailureCodes.StoreUnavailable or FailureCodes.ToolMissing or FailureCodes.ModelMissing => StatusCodes.Status503ServiceUnavailable,
        FailureCodes.DiskFull => StatusCodes.Status507InsufficientStorage,
        FailureCodes.Internal or FailureCodes.OutputNotWritable => StatusCodes.Status500InternalServerError,
        _ => StatusCodes.Status422UnprocessableEntity,
    };

    /// <summary>Writes the problem to a response that has not begun.</summary>
    public static Task WriteAsync(HttpContext context, JobFailure failure, int status)
    {
        context.Response.StatusCode = status;
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = RetryAfter.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        var problem = new ProblemDetails
        {
            Type = $"/problems/{failure.Code}",
            Title = failure.Code.Replace('_', ' '),
            Status = status,
            Detail = failure.Message,
            Instance = context.Request.Path,
            Extensions = { ["code"] = failure.Code, ["retryable"] = failure.Retryable },
        };
        return context.Response.WriteAsJsonAsync(problem, options: null, contentType: "application/problem+json", context.RequestAborted);
    }

    private sealed class Answer(JobFailure failure, int status) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, failure, status);
    }
}

/// <summary>Codes of failures that only HTTP has.</summary>
internal static class HttpCodes
{
    public const string BadRequest = "bad_request";
    public const string NotFound = "not_found";
    public const string MethodNotAllowed = "method_not_allowed";
    public const string BodyTooLarge = "body_too_large";
    public const string UnsupportedMediaType = "unsupported_media_type";
}
