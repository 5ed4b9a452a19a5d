using MakeVideo.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Serialization;

namespace MakeVideo.Gateway.Problems;

/// <summary>Whatever goes wrong leaves as problem details; what was not expected is in the log, not in the answer.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        // What users sent is never to be taken for a page of this site.
        context.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            await next(context);
        }
        catch (Exception failure) when (!context.Response.HasStarted)
        {
            if (context.RequestAborted.IsCancellationRequested)
            {
                return;
            }

            var answer = Of(failure);
            if (answer.Code is FailureCodes.Internal or FailureCodes.StoreUnavailable)
            {
                Log(answer.Code, failure, context.Request.Method, context.Request.Path);
            }

            context.Response.Clear();
            await Problem.WriteAsync(context, answer, failure is BadHttpRequestException bad ? bad.StatusCode : Problem.StatusOf(answer.Code));
            return;
        }

        if (context.Response is { HasStarted: false, ContentLength: null, ContentType: null } && Empty(context) is { } empty)
        {
            await Problem.WriteAsync(context, empty, context.Response.StatusCode);
        }
    }

    internal static JobFailure Of(Exception failure) => failure switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
            new(HttpCodes.BodyTooLarge, null, "The request's body is larger than this call takes."),
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } =>
            new(HttpCodes.TooSlow, null, "The request's body came too slowly. Send it again over a better connection.", Retryable: true),
        BadHttpRequestException bad =>
            new(HttpCodes.BadRequest, null, $"The request cannot be read: {bad.Message.TrimEnd('.', ' ')}. Send it again, whole."),
        _ when IsOutage(failure) =>
            new(FailureCodes.StoreUnavailable, null, "The cluster or its store does not answer now. Send the request again in a few seconds.", Retryable: true),
        _ => new(FailureCodes.Internal, null, "An unexpected error. The server's log has it; send the request again, and report it if it comes again.", Retryable: true),
    };

    // A grain's storage and reminders throw what their provider throws (RedisConnectionException, RedisRemindersException);
    // the gateway references no provider, so a name is all it can know it by.
    private static bool IsOutage(Exception failure) =>
        failure is TimeoutException or OrleansException
        || (failure is ArgumentException && failure.Message.StartsWith(NoSiloYet, StringComparison.Ordinal))
        || NameOf(failure).Split('.')[^1].StartsWith("Redis", StringComparison.Ordinal)
        || failure.InnerException is { } inner && IsOutage(inner);

    /// <summary>Orleans's words in a client that has met no silo and so knows no grain.</summary>
    private const string NoSiloYet = "Could not find an implementation for interface";

    private static string NameOf(Exception failure) =>
        (failure is UnavailableExceptionFallbackException unknown ? unknown.ExceptionType : failure.GetType().FullName) ?? "";

    private static JobFailure? Empty(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => new(HttpCodes.NotFound, null, "There is nothing at this address. GET / lists what there is."),
        StatusCodes.Status405MethodNotAllowed => new(HttpCodes.MethodNotAllowed, null, $"This address does not take {context.Request.Method}. The Allow header says what it takes."),
        StatusCodes.Status415UnsupportedMediaType => new(HttpCodes.UnsupportedMediaType, null, "This call takes multipart/form-data."),
        StatusCodes.Status400BadRequest => new(HttpCodes.BadRequest, null, "The request's parameters cannot be read."),
        _ => null,
    };

    private void Log(string code, Exception failure, string method, string path)
    {
        if (code == FailureCodes.Internal)
        {
            LogUnexpected(failure, method, path);
        }
        else
        {
            LogOutage(failure, method, path);
        }
    }

    [LoggerMessage(LogLevel.Error, "{Method} {Path} met an unexpected error")]
    private partial void LogUnexpected(Exception failure, string method, string path);

    [LoggerMessage(LogLevel.Warning, "{Method} {Path} got no answer from the cluster or its store")]
    private partial void LogOutage(Exception failure, string method, string path);
}
