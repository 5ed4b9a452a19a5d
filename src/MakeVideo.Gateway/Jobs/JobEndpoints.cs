using MakeVideo.Contracts;
using MakeVideo.Gateway.Limits;
using MakeVideo.Gateway.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace MakeVideo.Gateway.Jobs;

/// <summary>The calls that make, show and end jobs.</summary>
internal static class JobEndpoints
{
    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        // The upload has limits of its own, part by part, while it streams.
        routes.MapPost("/make-video", (HttpContext context, Submission submission) => submission.ReceiveAsync(context))
            .TakesUploads().TakesJobs().Accepts<MakeVideoForm>("multipart/form-data").Refuses(400, 408, 413, 415, 422, 503, 507)
            .WithMetadata(new DisableRequestSizeLimitAttribute()).WithSummary("Make a video of an audio file and a query");
        routes.MapJobList();
        routes.MapGet("/jobs/{id}", GetAsync).Refuses(404, 503).WithSummary("One job, whole");
        routes.MapDelete("/jobs/{id}", DeleteAsync).Refuses(404, 503).WithSummary("Stop a job and delete it with its files");
        routes.MapPost("/jobs/{id}/cancel", CancelAsync).Refuses(404, 409, 503).WithSummary("Stop a job for good; its record stays");
    }

    private static async Task<Results<Ok<JobBody>, Problem>> GetAsync(string id, IGrainFactory grains) =>
        JobIds.IsValid(id) && await grains.GetGrain<IJobGrain>(id).GetAsync() is { } job ? TypedResults.Ok(JobBodies.Of(job)) : Problem.NoSuchJob(id);

    private static async Task<Results<Ok<DeletedBody>, Problem>> DeleteAsync(string id, IGrainFactory grains) =>
        JobIds.IsValid(id) && await grains.GetGrain<IJobGrain>(id).DeleteAsync()
            ? TypedResults.Ok(new DeletedBody("The job and its files are deleted.", id))
            : Problem.NoSuchJob(id);

    private static async Task<Results<Ok<JobBody>, Problem>> CancelAsync(string id, IGrainFactory grains)
    {
        if (!JobIds.IsValid(id))
        {
            return Problem.NoSuchJob(id);
        }

        var cancelled = await grains.GetGrain<IJobGrain>(id).CancelAsync();
        return cancelled.Failed ? new Problem(cancelled.Failure) : TypedResults.Ok(JobBodies.Of(cancelled.Value));
    }
}
