using System.Globalization;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace MakeVideo.Gateway.Events;

/// <summary>
/// <c>GET /jobs/{id}/events</c>, server-sent events: <c>snapshot</c> (the body of <c>GET /jobs/{id}</c>), <c>change</c> (see <see cref="JobDelta"/>),
/// <c>away</c> while the cluster does not answer, and <c>end</c>. Comments are signs of life. <c>TypedResults.ServerSentEvents</c> would write each event
/// anew for each stream and knows no comments.
/// </summary>
internal static class EventEndpoints
{
    private const string EventStream = "text/event-stream";
    private const string LastId = "Last-Event-ID";

    private static readonly byte[] Opening = "retry: 2000\n\n"u8.ToArray();
    private static readonly byte[] SignOfLife = ":\n\n"u8.ToArray();

    public static void MapEvents(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/jobs/{id}/events", OpenAsync).Produces<string>(200, EventStream).Produces(204).Refuses(404, 503)
            .WithSummary("A job as it goes on, as server-sent events: a snapshot, then changes, until it ends. Last-Event-ID resumes");

    private static async Task<Results<Stream, NoContent, Problem>> OpenAsync(string id, HttpContext context, IGrainFactory grains)
    {
        if (!JobIds.IsValid(id) || await grains.GetGrain<IJobGrain>(id).GetAsync() is not { } job)
        {
            return Problem.NoSuchJob(id);
        }

        string? last = context.Request.Headers[LastId];

        // A browser comes back by itself after the end; 204 is the standard's word for "no more".
        return last == JobEnds.EventId && JobEnds.IsFinal(job.Status) ? TypedResults.NoContent() : new Stream(id, last);
    }

    /// <summary>The stream of one client.</summary>
    internal sealed class Stream(string jobId, string? lastId) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var services = httpContext.RequestServices;
            var watches = (JobWatches)services.GetService(typeof(JobWatches))!;
            var stopping = ((IHostApplicationLifetime)services.GetService(typeof(IHostApplicationLifetime))!).ApplicationStopping;
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
            var response = httpContext.Response;
            response.ContentType = EventStream;
            response.Headers.CacheControl = "no-store";

            // nginx holds answers back unless it is told not to.
            response.Headers["X-Accel-Buffering"] = "no";
            httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            var watch = watches.Join(jobId);
            try
            {
                await response.Body.WriteAsync(Opening, stop.Token);
                var told = new Told(long.TryParse(lastId, CultureInfo.InvariantCulture, out var revision) ? revision : null);
                for (var first = true; !told.Ended; first = false)
                {
                    (var news, told, var moved) = watch.Since(told);
                    foreach (var bytes in news)
                    {
                        await response.Body.WriteAsync(bytes, stop.Token);
                    }

                    if (news.Count == 0 && !first)
                    {
                        await response.Body.WriteAsync(SignOfLife, stop.Token);
                    }

                    await response.Body.FlushAsync(stop.Token);
                    if (!told.Ended)
                    {
                        await moved.WaitAsync(stop.Token);
                    }
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // The client has gone, or this gateway goes: the client comes back, to another if need be.
            }
            finally
            {
                watches.Leave(jobId, watch);
            }
        }
    }
}
