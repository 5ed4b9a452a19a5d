using System.Text.Json.Nodes;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace MakeVideo.Gateway.Jobs;

/// <summary>The calls about jobs.</summary>
internal static class JobEndpoints
{
    private const int DefaultLimit = 50;
    private const int MostLimit = 500;

    /// <summary>Grain calls of one list at a time: quick, and no storm.</summary>
    private const int ReadAtOnce = 32;

    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/make-video", (HttpContext context, Submission submission) => submission.ReceiveAsync(context))
            .Accepts<MakeVideoForm>("multipart/form-data").Produces<JsonObject>(StatusCodes.Status202Accepted)
            .ProducesProblem(413).ProducesProblem(415).ProducesProblem(422).ProducesProblem(503).ProducesProblem(507)
            .WithMetadata(new DisableRequestSizeLimitAttribute()).WithSummary("Make a video of an audio file and a query");
        routes.MapGet("/jobs", ListAsync).Produces<JsonArray>().ProducesProblem(422).WithSummary("Jobs, newest first");
        routes.MapGet("/jobs/{id}", GetAsync).Produces<JsonObject>().ProducesProblem(404).WithSummary("One job, whole");
        routes.MapDelete("/jobs/{id}", DeleteAsync).Produces<JsonObject>().ProducesProblem(404).WithSummary("Stop a job and delete it with its files");
        routes.MapPost("/jobs/{id}/cancel", CancelAsync).Produces<JsonObject>().ProducesProblem(404).ProducesProblem(409).WithSummary("Stop a job for good; its record stays");
        routes.MapGet("/jobs/{id}/subtitles", SubtitlesAsync).Produces(200, contentType: "application/x-subrip").ProducesProblem(404).ProducesProblem(409).WithSummary("The captions as SRT");
        routes.MapGet("/download/{id}", DownloadAsync).Produces(200, contentType: "video/mp4").Produces(206, contentType: "video/mp4").ProducesProblem(404).ProducesProblem(409).WithSummary("The finished video; ranges are served");
    }

    private static async Task<IResult> ListAsync(IGrainFactory grains, string? status = null, string? limit = null)
    {
        if (status is not null && ApiNames.Parse<JobStatus>(status) is null)
        {
            return Problem.Of(new(FailureCodes.InvalidRequest, null, $"status is unknown. Use one of: {string.Join(", ", ApiNames.All<JobStatus>())}"));
        }

        var most = DefaultLimit;
        if (limit is not null && (!int.TryParse(limit, out most) || most is < 1 or > MostLimit))
        {
            return Problem.Of(new(FailureCodes.InvalidRequest, null, $"limit must be a whole number from 1 to {MostLimit}."));
        }

        var ids = await grains.GetGrain<IJobCatalogGrain>(0).ListAsync(status is null ? null : ApiNames.Parse<JobStatus>(status), most);
        var jobs = new JsonArray();
        foreach (var some in ids.Chunk(ReadAtOnce))
        {
            // One that was deleted in between is not there.
            foreach (var job in (await Task.WhenAll(some.Select(id => grains.GetGrain<IJobGrain>(id).GetAsync()))).OfType<JobView>())
            {
                jobs.Add(JobJson.Of(job));
            }
        }

        return TypedResults.Ok(jobs);
    }

    private static async Task<IResult> GetAsync(string id, IGrainFactory grains) =>
        await FindAsync(id, grains) is { } job ? TypedResults.Ok(JobJson.Of(job)) : Problem.NoSuchJob(id);

    private static async Task<IResult> DeleteAsync(string id, IGrainFactory grains) =>
        JobIds.IsValid(id) && await grains.GetGrain<IJobGrain>(id).DeleteAsync()
            ? TypedResults.Ok(new JsonObject { ["message"] = "The job and its files are deleted.", ["job_id"] = id })
            : Problem.NoSuchJob(id);

    private static async Task<IResult> CancelAsync(string id, IGrainFactory grains)
    {
        if (!JobIds.IsValid(id))
        {
            return Problem.NoSuchJob(id);
        }

        var cancelled = await grains.GetGrain<IJobGrain>(id).CancelAsync();
        return cancelled.Failed ? Problem.Of(cancelled.Failure) : TypedResults.Ok(JobJson.Of(cancelled.Value));
    }

    private static async Task<IResult> SubtitlesAsync(string id, IGrainFactory grains, DataFolder data) =>
        await FindAsync(id, grains) is not { } job ? Problem.NoSuchJob(id)
        : job.Result is null || !File.Exists(data.Subtitles(id)) ? NotCompleted(job)
        : TypedResults.PhysicalFile(data.Subtitles(id), "application/x-subrip; charset=utf-8", $"{id}.srt");

    private static async Task<IResult> DownloadAsync(string id, IGrainFactory grains, DataFolder data) =>
        await FindAsync(id, grains) is not { } job ? Problem.NoSuchJob(id)
        : job.Result is not { } result || !File.Exists(data.Video(id)) ? NotCompleted(job)
        : TypedResults.PhysicalFile(
            data.Video(id), "video/mp4", $"{id}.mp4", job.CompletedAt, new EntityTagHeaderValue($"\"{result.Sha256}\""), enableRangeProcessing: true);

    private static async Task<JobView?> FindAsync(string id, IGrainFactory grains) =>
        JobIds.IsValid(id) ? await grains.GetGrain<IJobGrain>(id).GetAsync() : null;

    private static IResult NotCompleted(JobView job) => Problem.Of(new(
        FailureCodes.JobNotCompleted, null,
        job.Failure is { } failure
            ? $"The job failed and has no video: {failure.Message}"
            : $"The job has no video yet: it is {ApiNames.Of(job.Status)}, {job.Progress:0} %. Ask again when /jobs/{job.Request.JobId} says completed.",
        Retryable: job.Failure is null));
}
