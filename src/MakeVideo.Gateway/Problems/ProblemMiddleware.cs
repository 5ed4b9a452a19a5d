using MakeVideo.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace MakeVideo.Gateway.Problems;

/// <summary>Whatever goes wrong leaves as problem details; what was not expected is in the log, not in the answer.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
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
            if (answer.Code == FailureCodes.Internal)
            {
                LogUnexpected(failure, context.Request.Method, context.Request.Path);
            }

            await Problem.WriteAsync(context, answer, failure is BadHttpRequestException bad ? bad.StatusCode : Problem.StatusOf(answer.Code));
            return;
        }

        if (context.Response is { HasStarted: false, ContentLength: null, ContentType: null } && Empty(context) is { } empty)
        {
            await Problem.WriteAsync(context, empty, context.Response.StatusCode);
        }
    }

    private static JobFailure Of(Exception failure) => failure switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
            new(HttpCodes.BodyTooLarge, null, "The request's body is larger than this call takes."),
        BadHttpRequestException => new(HttpCodes.BadRequest, null, "The request is malformed: its framing, its headers or its pace. Send it again."),
        TimeoutException or OrleansException or SiloUnavailableException =>
            new(FailureCodes.StoreUnavailable, null, "The cluster does not answer now. Nothing is lost; send the request again in a few seconds.", Retryable: true),
        _ => new(FailureCodes.Internal, null, "An unexpected error. The server's log has it; send the request again, and report it if it comes again.", Retryable: true),
    };

    private static JobFailure? Empty(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => new(HttpCodes.NotFound, null, "There is nothing at this address. GET / lists what there is."),
        StatusCodes.Status405MethodNotAllowed => new(HttpCodes.MethodNotAllowed, null, $"This address does not take {context.Request.Method}. The Allow header says what it takes."),
        StatusCodes.Status415UnsupportedMediaType => new(HttpCodes.UnsupportedMediaType, null, "This call takes multipart/form-data."),
        StatusCodes.Status400BadRequest => new(HttpCodes.BadRequest, null, "The request's parameters cannot be read."),
        _ => null,
    };

    [LoggerMessage(LogLevel.Error, "{Method} {Path} met an unexpected error")]
    private partial void LogUnexpected(Exception failure, string method, string path);
}
