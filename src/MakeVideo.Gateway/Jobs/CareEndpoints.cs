using System.Collections.Immutable;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Keys;
using MakeVideo.Gateway.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace MakeVideo.Gateway.Jobs;

/// <summary>The calls of whoever looks after the cluster: jobs that are stuck, that failed, and what happened to one.</summary>
internal static class CareEndpoints
{
    /// <summary>Silence after which the replaced service called a job orphaned.</summary>
    private const double DefaultMinutes = 5;
    private const double MostMinutes = 7 * 24 * 60;
    private const int MostAtOnce = 500;

    public static void MapCare(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/jobs/{id}/retry", RetryAsync).Refuses(404, 409, 503).WithSummary("Put a job that failed, was cancelled or was given up back in line; it goes on from what is done");
        routes.MapGet("/jobs/{id}/events-log", EventsAsync).Refuses(404, 503).WithSummary("The life of a job: who did what, where, when");
        routes.MapGet("/jobs/orphaned", OrphanedAsync).Needs(KeyScope.Admin).Refuses(422, 503).WithSummary("Jobs that have work left and give no sign of life");
        routes.MapPost("/jobs/orphaned/cleanup", CleanOrphanedAsync).Needs(KeyScope.Admin).Refuses(422, 503).WithSummary("Fail (or delete, with mark_as_failed=false) the jobs that nobody works on");
        routes.MapPost("/jobs/cleanup-failed", CleanFailedAsync).Needs(KeyScope.Admin).Refuses(503).WithSummary("Delete every failed job with its files");
    }

    private static async Task<Results<Ok<JobBody>, Problem>> RetryAsync(string id, IGrainFactory grains)
    {
        if (!JobIds.IsValid(id))
        {
            return Problem.NoSuchJob(id);
        }

        var retried = await grains.GetGrain<IJobGrain>(id).RetryAsync();
        return retried.Failed ? new Problem(retried.Failure) : TypedResults.Ok(JobBodies.Of(retried.Value));
    }

    private static async Task<Results<Ok<List<EventBody>>, Problem>> EventsAsync(string id, IGrainFactory grains)
    {
        if (!JobIds.IsValid(id) || await grains.GetGrain<IJobGrain>(id).GetAsync() is null)
        {
            return Problem.NoSuchJob(id);
        }

        var events = await grains.GetGrain<IJobGrain>(id).EventsAsync();
        return TypedResults.Ok(events.Select(entry => new EventBody(entry.At, entry.Kind, entry.Silo, entry.Epoch, entry.Detail)).ToList());
    }

    private static async Task<Results<Ok<OrphansBody>, Problem>> OrphanedAsync(IGrainFactory grains, TimeProvider clock, string? max_age_minutes = null)
    {
        if (Silence(max_age_minutes) is not { } silence)
        {
            return BadAge();
        }

        var orphans = new List<OrphanBody>();
        foreach (var orphan in await FindAsync(grains, silence))
        {
            if (await grains.GetGrain<IJobGrain>(orphan.JobId).GetAsync() is { Status: < JobStatus.Completed or JobStatus.Parked } job)
            {
                var age = Math.Round((clock.GetUtcNow() - orphan.LastSeen).TotalMinutes, 1);
                orphans.Add(new(orphan.JobId, job.Status, age, job.CurrentStage, orphan.LastSeen, job.Silo));
            }
        }

        return TypedResults.Ok(new OrphansBody(orphans.Count, orphans));
    }

    private static async Task<Results<Ok<RemovedBody>, Problem>> CleanOrphanedAsync(IGrainFactory grains, string? max_age_minutes = null, string? mark_as_failed = null)
    {
        if (Silence(max_age_minutes) is not { } silence)
        {
            return BadAge();
        }

        if (mark_as_failed is not (null or "true" or "false"))
        {
            return new Problem(new(FailureCodes.InvalidRequest, null, "mark_as_failed must be true or false."));
        }

        var cleaned = new List<string>();
        foreach (var orphan in await FindAsync(grains, silence))
        {
            // The job itself knows whether it is at work after all, and then stays.
            var job = grains.GetGrain<IJobGrain>(orphan.JobId);
            if (await job.GiveUpAsync() && (mark_as_failed != "false" || await job.DeleteAsync()))
            {
                cleaned.Add(orphan.JobId);
            }
        }

        return TypedResults.Ok(new RemovedBody(cleaned.Count, cleaned));
    }

    private static async Task<Ok<RemovedBody>> CleanFailedAsync(IGrainFactory grains)
    {
        var removed = new List<string>();
        for (var before = -1; before < removed.Count;)
        {
            before = removed.Count;
            foreach (var id in await grains.GetGrain<IJobCatalogGrain>(0).ListAsync(JobStatus.Failed, MostAtOnce))
            {
                var job = grains.GetGrain<IJobGrain>(id);
                if (await job.GetAsync() is { Status: JobStatus.Failed } && await job.DeleteAsync())
                {
                    removed.Add(id);
                }
            }
        }

        return TypedResults.Ok(new RemovedBody(removed.Count, removed));
    }

    private static Task<ImmutableArray<OrphanedJob>> FindAsync(IGrainFactory grains, TimeSpan silence) => grains.GetGrain<IJobCatalogGrain>(0).OrphanedAsync(silence);

    private static TimeSpan? Silence(string? minutes) =>
        minutes is null ? TimeSpan.FromMinutes(DefaultMinutes)
        : double.TryParse(minutes, System.Globalization.CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= MostMinutes ? TimeSpan.FromMinutes(number)
        : null;

    private static Problem BadAge() => new(new(FailureCodes.InvalidRequest, null, $"max_age_minutes must be a number from 0 to {MostMinutes}."));
}

/// <summary>One entry of a job's log.</summary>
internal sealed record EventBody(DateTimeOffset At, string Kind, string? Silo, int Epoch, string? Detail);

/// <summary>A job that nobody seems to work on; <paramref name="AgeMinutes"/> since its last sign of life.</summary>
internal sealed record OrphanBody(string JobId, JobStatus Status, double AgeMinutes, JobStage? LastStage, DateTimeOffset LastSeen, string? Silo);

/// <summary>The jobs that nobody seems to work on.</summary>
internal sealed record OrphansBody(int Count, IReadOnlyList<OrphanBody> OrphanedJobs);

/// <summary>What a clean-up did.</summary>
internal sealed record RemovedBody(int RemovedCount, IReadOnlyList<string> JobIds);
