using System.Globalization;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Jobs;
using MakeVideo.Gateway.Keys;
using MakeVideo.Gateway.Limits;
using MakeVideo.Gateway.Problems;
using MakeVideo.Gateway.Uploads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace MakeVideo.Gateway.Estimates;

/// <summary>What a job would take, before it is one.</summary>
internal static class EstimateEndpoints
{
    /// <summary>What is searched for changes no figure.</summary>
    private const string AnyQuery = "anything";

    public static void MapEstimates(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/estimate", EstimateAsync).TakesUploads().NeedsSpace()
            .Accepts<EstimateForm>("application/json", "application/x-www-form-urlencoded", "multipart/form-data").Refuses(400, 404, 408, 413, 415, 422, 503, 507)
            .WithMetadata(new DisableRequestSizeLimitAttribute()).WithSummary("What a job would take: seconds, bytes, place in line. Nothing is kept");

    private static async Task<Results<Ok<EstimateBody>, Problem>> EstimateAsync(HttpContext context, IGrainFactory grains, DataFolder data, IOptions<GatewayOptions> options, TimeProvider clock)
    {
        var id = JobIds.Create();
        try
        {
            var form = await EstimateFields.ReadAsync(context.Request, new(options.Value, FieldNames.OfEstimate), data.Audio(id), data.Script(id), context.RequestAborted);
            if (form.Failed)
            {
                return new Problem(form.Failure);
            }

            var about = await AboutAsync(form.Value, grains, context.Caller());
            if (about.Failed)
            {
                return new Problem(about.Failure);
            }

            var request = MakeVideoForm.ToRequest(about.Value.JobId ?? id, Completed(form.Value), options.Value, clock.GetUtcNow(), context.Caller().Owner);
            if (request.Failed)
            {
                return new Problem(request.Failure);
            }

            var estimate = await grains.GetGrain<IEstimateGrain>(0).EstimateAsync(request.Value, about.Value.AudioSeconds);
            return estimate.Failed ? new Problem(estimate.Failure) : TypedResults.Ok(EstimateBody.Of(estimate.Value));
        }
        catch (IOException failure) when (FullDisk.Is(failure))
        {
            return new Problem(new(FailureCodes.DiskFull, null, "The server's disk is full. Send audio_seconds instead of the audio, or try again later.", Retryable: true));
        }
        finally
        {
            Remove(data.Upload(id));
        }
    }

    /// <summary>Which audio it is about: one of known length, a job's, or the one that came.</summary>
    private static async Task<Outcome<About>> AboutAsync(UploadForm form, IGrainFactory grains, Caller caller)
    {
        var (seconds, job) = (Given(form, "audio_seconds"), Given(form, "job_id"));
        if ((seconds is null ? 0 : 1) + (job is null ? 0 : 1) + (form.Audio is null ? 0 : 1) != 1)
        {
            return form.Audio is null && seconds is null && job is null
                ? new JobFailure(FailureCodes.AudioMissing, null, "Nothing says how long the audio is. Send audio_seconds, job_id, or the part audio_file.")
                : new JobFailure(FailureCodes.InvalidRequest, null, "audio_seconds, job_id and audio_file contradict each other. Send one of them.");
        }

        if (job is not null && form.Script is not null)
        {
            return new JobFailure(FailureCodes.InvalidRequest, null, "script and job_id contradict each other: that job has its own words. Leave one out.");
        }

        if (seconds is not null)
        {
            return double.TryParse(seconds, NumberStyles.Float, CultureInfo.InvariantCulture, out var length) && double.IsFinite(length)
                ? new About(length, null)
                : new JobFailure(FailureCodes.InvalidRequest, null, "audio_seconds must be a number of seconds: 62.5");
        }

        if (job is null)
        {
            return new About(null, null);
        }

        // Until a job is analyzed nobody has told its length; then its upload is measured.
        return JobIds.IsValid(job) && await grains.GetGrain<IJobGrain>(job).GetAsync() is { } known && (caller.IsAdmin || known.Request.Owner == caller.Owner)
            ? new About(known.AudioDuration, job)
            : Problem.NoSuchJob(job).Failure;
    }

    private static UploadForm Completed(UploadForm form) => form with
    {
        Audio = form.Audio ?? new("", "", 0),
        Fields = Given(form, "query") is null ? new Dictionary<string, string>(form.Fields, StringComparer.Ordinal) { ["query"] = AnyQuery } : form.Fields,
    };

    private static string? Given(UploadForm form, string field) => form.Fields.GetValueOrDefault(field)?.Trim() is { Length: > 0 } text ? text : null;

    private static void Remove(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The answer matters more than a folder that nobody refers to.
        }
    }

    /// <param name="AudioSeconds">Null: to be measured.</param>
    /// <param name="JobId">Whose upload; null: the one of this call.</param>
    private sealed record About(double? AudioSeconds, string? JobId);
}
