using MakeVideo.Contracts;
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
    private const int DefaultLimit = 50;
    private const int MostLimit = 500;

    /// <summary>Grain calls of one list at a time: quick, and no storm.</summary>
    private const int ReadAtOnce = 32;

    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        // The upload has limits of its own, part by part, while it streams.
        routes.MapPost("/make-video", (HttpContext context, Submission submission) => submission.ReceiveAsync(context))
            .Accepts<MakeVideoForm>("multipart/form-data").Refuses(400, 408, 413, 415, 422, 503, 507)
            .WithMetadata(new DisableRequestSizeLimitAttribute()).WithSummary("Make a video of an audio file and a query");
        routes.MapGet("/jobs", ListAsync).Refuses(422, 503).WithSummary("Jobs, newest first");
        routes.MapGet("/jobs/{id}", GetAsync).Refuses(404, 503).WithSummary("One job, whole");
        routes.MapDelete("/jobs/{id}", DeleteAsync).Refuses(404, 503).WithSummary("Stop a job and delete it with its files");
        routes.MapPost("/jobs/{id}/cancel", CancelAsync).Refuses(404, 409, 503).WithSummary("Stop a job for good; its record stays");
    }

    private static async Task<Results<Ok<List<JobBody>>, Problem>> ListAsync(IGrainFactory grains, string? status = null, string? limit = null, string? brief = null)
    {
        var wanted = ApiNames.Parse<JobStatus>(status);
        if (status is not null && wanted is null)
        {
            return new Problem(new(FailureCodes.InvalidRequest, null, $"status is unknown. Use one of: {string.Join(", ", ApiNames.All<JobStatus>())}"));
        }

        var most = DefaultLimit;
        if (limit is not null && (!int.TryParse(limit, out most) || most is < 1 or > MostLimit))
        {
            return new Problem(new(FailureCodes.InvalidRequest, null, $"limit must be a whole number from 1 to {MostLimit}."));
        }

        var ids = await grains.GetGrain<IJobCatalogGrain>(0).ListAsync(wanted, most);
        var jobs = new List<JobBody>(ids.Length);
        foreach (var some in ids.Chunk(ReadAtOnce))
        {
            // The index may lag: one that was deleted or has moved on in between is not there.
            var views = await Task.WhenAll(some.Select(id => grains.GetGrain<IJobGrain>(id).GetAsync()));
            jobs.AddRange(views.OfType<JobView>().Where(job => wanted is null || job.Status == wanted).Select(JobBodies.Of).Select(job => brief == "true" ? job.Brief : job));
        }

        return TypedResults.Ok(jobs);
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
