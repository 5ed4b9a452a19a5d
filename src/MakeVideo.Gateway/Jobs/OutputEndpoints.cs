using MakeVideo.Contracts;
using MakeVideo.Gateway.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace MakeVideo.Gateway.Jobs;

/// <summary>The calls that hand out what a completed job left.</summary>
internal static class OutputEndpoints
{
    private const string Mp4 = "video/mp4";
    private const string PlainText = "text/plain; charset=utf-8";
    private const string SubRip = "application/x-subrip; charset=utf-8";

    public static void MapOutputs(this IEndpointRouteBuilder routes)
    {
        // HEAD too: players and download tools ask for size and ranges before they fetch.
        string[] reads = [HttpMethods.Get, HttpMethods.Head];
        routes.MapMethods("/download/{id}", reads, VideoAsync)
            .Produces<Stream>(200, Mp4).Produces<Stream>(206, Mp4).Refuses(404, 409, 410, 503).WithSummary("The finished video; a range of it, if asked");
        routes.MapMethods("/download/{id}/credits", reads, CreditsAsync)
            .Produces<string>(200, "text/plain").Refuses(404, 409, 410, 503).WithSummary("Whose footage the video shows: authors, pages, licences");
        routes.MapMethods("/jobs/{id}/subtitles", reads, SubtitlesAsync)
            .Produces<string>(200, "application/x-subrip").Refuses(404, 409, 410, 422, 503).WithSummary("The captions as SubRip");
        routes.MapGet("/jobs/{id}/words", WordsAsync).Refuses(404, 409, 503).WithSummary("What is said, word by word with its times");
    }

    private static async Task<Results<PhysicalFileHttpResult, Problem>> VideoAsync(string id, IGrainFactory grains, DataFolder data)
    {
        var found = await FindAsync(id, grains, data.Video);
        return found.Failed
            ? new Problem(found.Failure)
            : TypedResults.PhysicalFile(
                data.Video(id, found.Value.Result!.Epoch), Mp4, $"{id}.mp4", found.Value.CompletedAt, new EntityTagHeaderValue($"\"{found.Value.Result.Sha256}\""), enableRangeProcessing: true);
    }

    private static async Task<Results<PhysicalFileHttpResult, Problem>> CreditsAsync(string id, IGrainFactory grains, DataFolder data)
    {
        var found = await FindAsync(id, grains, data.Credits);
        return found.Failed ? new Problem(found.Failure) : TypedResults.PhysicalFile(data.Credits(id, found.Value.Result!.Epoch), PlainText, $"{id}.txt", found.Value.CompletedAt);
    }

    private static async Task<Results<PhysicalFileHttpResult, Problem>> SubtitlesAsync(string id, IGrainFactory grains, DataFolder data, string format = "srt")
    {
        if (format != "srt")
        {
            return new Problem(new(FailureCodes.OptionUnknown, null, "format is unknown. Use srt."));
        }

        var found = await FindAsync(id, grains, data.Subtitles);
        return found.Failed ? new Problem(found.Failure) : TypedResults.PhysicalFile(data.Subtitles(id, found.Value.Result!.Epoch), SubRip, $"{id}.srt", found.Value.CompletedAt);
    }

    private static async Task<Results<Ok<WordsBody>, Problem>> WordsAsync(string id, IGrainFactory grains)
    {
        if (!JobIds.IsValid(id) || await grains.GetGrain<IJobGrain>(id).GetAsync() is null)
        {
            return Problem.NoSuchJob(id);
        }

        return await grains.GetGrain<IJobGrain>(id).TranscriptAsync() is { } heard
            ? TypedResults.Ok(new WordsBody(heard.Language, heard.Engine, [.. heard.Words.Select(word => new WordBody(word.Text, Math.Round(word.Start, 3), Math.Round(word.End, 3)))]))
            : new Problem(new(FailureCodes.JobNotCompleted, null, "Nobody has listened to this job's audio yet. Ask again when its stage generating_subtitles is completed.", Retryable: true));
    }

    /// <summary>The completed job whose output is on disk, or why there is none.</summary>
    private static async Task<Outcome<JobView>> FindAsync(string id, IGrainFactory grains, Func<string, int, string> path)
    {
        if (!JobIds.IsValid(id) || await grains.GetGrain<IJobGrain>(id).GetAsync() is not { } job)
        {
            return Problem.NoSuchJob(id).Failure;
        }

        if (job is { Status: JobStatus.Completed, Result: not null })
        {
            return File.Exists(path(id, job.Result.Epoch)) ? job : new JobFailure(HttpCodes.OutputGone, null, $"Job {id} was completed, but its file is gone. Send the job again.");
        }

        var message = job.Status switch
        {
            JobStatus.Failed or JobStatus.DeadLettered => $"Job {id} failed and has no output: {job.Failure?.Message ?? "GET /jobs/" + id + " says why."}",
            JobStatus.Cancelled => $"Job {id} was cancelled and has no output. Send it again.",
            _ => $"Job {id} has no output yet: it is {ApiNames.Of(job.Status)}, {job.Progress:0} %. Ask again when /jobs/{id} says completed.",
        };
        return new JobFailure(FailureCodes.JobNotCompleted, null, message, Retryable: job.Status is not (JobStatus.Failed or JobStatus.DeadLettered or JobStatus.Cancelled));
    }
}

/// <summary>What is said in a job's audio.</summary>
internal sealed record WordsBody(string Language, string Engine, IReadOnlyList<WordBody> Words);

/// <summary>One word, in seconds of the audio, which are those of the video.</summary>
internal sealed record WordBody(string Text, double Start, double End);
