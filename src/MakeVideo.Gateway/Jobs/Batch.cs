using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Keys;
using MakeVideo.Gateway.Limits;
using MakeVideo.Gateway.Problems;
using MakeVideo.Gateway.Uploads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MakeVideo.Gateway.Jobs;

/// <summary><c>POST /batch</c>: many jobs over audio that is here already. Each is taken or refused by itself.</summary>
internal sealed partial class Batch(IGrainFactory grains, DataFolder data, Submission submission, JobLimits limits, IOptions<GatewayOptions> options, IOptions<JsonOptions> json, TimeProvider clock, ILogger<Batch> logger)
{
    private const int MostJobs = 100;

    /// <summary>Each is decoded once while the sender waits; more at once would only wait for the same cores.</summary>
    private const int AtOnce = 4;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/batch", (HttpContext context, Batch batch) => batch.ReceiveAsync(context)).TakesJobs().Accepts<List<BatchJob>>("application/json")
            .Refuses(400, 408, 413, 415, 422, 503, 507).WithSummary("Many jobs over audio of earlier ones; an answer for each");

    public async Task<Results<Ok<List<BatchAnswer>>, Problem>> ReceiveAsync(HttpContext context)
    {
        if (IdempotencyKey.Read(context, out var key) is { } badKey)
        {
            return new Problem(badKey);
        }

        if (!context.Request.HasJsonContentType())
        {
            return new Problem(new(HttpCodes.UnsupportedMediaType, null, "This call takes application/json: a list of jobs."));
        }

        JsonDocument list;
        try
        {
            list = await JsonDocument.ParseAsync(context.Request.Body, Strict, context.RequestAborted);
        }
        catch (JsonException failure)
        {
            return new Problem(new(HttpCodes.BadRequest, null, $"The body is no JSON: {UploadReader.CleanName(failure.Message.Replace('/', ' '))}"));
        }

        using (list)
        {
            if (list.RootElement.ValueKind is not JsonValueKind.Array || list.RootElement.GetArrayLength() is < 1 or > MostJobs)
            {
                return new Problem(new(FailureCodes.InvalidRequest, null, $"The body must be a list of 1 to {MostJobs} jobs: [{{\"job_id\": \"...\", \"query\": \"...\"}}]."));
            }

            return key is null ? TypedResults.Ok(await AnswerAsync(list.RootElement, context, null)) : await OnceAsync(list.RootElement, context, key);
        }
    }

    /// <summary>The answer that the first request under the key had. While a job of it may yet be taken, none is kept, and the next try goes on: what was taken stays the same job.</summary>
    private async Task<Results<Ok<List<BatchAnswer>>, Problem>> OnceAsync(JsonElement list, HttpContext context, IdempotencyKey key)
    {
        var names = json.Value.SerializerOptions;
        var fingerprint = "batch " + Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(list)));
        var submissions = grains.GetGrain<ISubmissionGrain>(key.Sha256);
        var begun = await submissions.BeginAsync(fingerprint);
        if (begun.Failed)
        {
            return new Problem(begun.Failure);
        }

        if (begun.Value.Length > 0)
        {
            return TypedResults.Ok(JsonSerializer.Deserialize<List<BatchAnswer>>(begun.Value, names)!);
        }

        var answers = await AnswerAsync(list, context, key);
        return TypedResults.Ok(answers.Any(answer => answer.Problem?.Retryable is true)
            ? answers
            : JsonSerializer.Deserialize<List<BatchAnswer>>(await submissions.KeepAsync(fingerprint, JsonSerializer.Serialize(answers, names)), names)!);
    }

    private async Task<List<BatchAnswer>> AnswerAsync(JsonElement list, HttpContext context, IdempotencyKey? key)
    {
        var answers = new BatchAnswer[list.GetArrayLength()];
        await Parallel.ForEachAsync(
            list.EnumerateArray().Index(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (item, _) => answers[item.Index] = await AnswerAsync(item.Index, item.Item, context.Caller(), key?.Of(item.Index)));
        return [.. answers];
    }

    private async Task<BatchAnswer> AnswerAsync(int index, JsonElement item, Caller caller, IdempotencyKey? key)
    {
        var id = JobIds.Create();
        var keep = false;
        try
        {
            var read = BatchItem.Read(item);
            var request = read.Failed ? read.Failure : await RequestAsync(id, read.Value, caller);
            if (request.Failed)
            {
                return BatchAnswer.Refused(index, request.Failure);
            }

            if (await limits.RefusalAsync(caller.Owner) is { } full)
            {
                return BatchAnswer.Refused(index, full.Failure);
            }

            keep = true;
            var submitted = await submission.SubmitAsync(request.Value, key);
            keep = !submitted.Failed && submitted.Value == id;
            return submitted.Failed ? BatchAnswer.Refused(index, submitted.Failure) : BatchAnswer.Accepted(index, submitted.Value);
        }
        catch (Exception failure)
        {
            // One that met an outage must not cost the answers of the others.
            LogNotTaken(failure, index);
            return BatchAnswer.Refused(index, failure is IOException full && FullDisk.Is(full) ? new(FailureCodes.DiskFull, null, "The server's disk is full. Send this job again later.", Retryable: true) : ProblemMiddleware.Of(failure));
        }
        finally
        {
            if (!keep)
            {
                submission.Remove(id);
            }
        }
    }

    /// <summary>A request whose upload is in place: the audio of an earlier job under a second name.</summary>
    private async Task<Outcome<JobRequest>> RequestAsync(string id, BatchItem item, Caller caller)
    {
        var earlier = await EarlierAsync(item, caller);
        if (earlier.Failed)
        {
            return earlier.Failure;
        }

        var source = earlier.Value;
        UploadedFile? script = null;
        if (item.Script is { } words)
        {
            var bytes = Encoding.UTF8.GetBytes(words);
            Directory.CreateDirectory(data.Upload(id));
            await File.WriteAllBytesAsync(data.Script(id), bytes);
            script = new("script", Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length);
        }

        var request = MakeVideoForm.ToRequest(id, new(item.Fields, new(source.AudioName, source.AudioSha256, 0), script), options.Value, clock.GetUtcNow(), caller.Owner);
        if (request.Failed)
        {
            return request;
        }

        try
        {
            SharedFile.Create(data.Audio(source.JobId), data.Audio(id));
            return request;
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return new JobFailure(FailureCodes.AudioMissing, null, $"The audio of job {source.JobId} is not kept any more. Upload it again with POST /make-video.");
        }
    }

    private async Task<Outcome<JobRequest>> EarlierAsync(BatchItem item, Caller caller)
    {
        var id = item.JobId;
        if (item.AudioSha256 is { } hash)
        {
            if (hash.Length != 64 || !hash.All(char.IsAsciiHexDigitLower))
            {
                return new JobFailure(FailureCodes.InvalidRequest, null, "audio_sha256 must have 64 small hexadecimal digits.");
            }

            id = await grains.GetGrain<IJobCatalogGrain>(0).WithAudioAsync(caller.Owner, hash);
            if (id is null)
            {
                return new JobFailure(FailureCodes.AudioMissing, null, "None of your jobs came with this audio. Upload it with POST /make-video.");
            }
        }

        return JobIds.IsValid(id) && await grains.GetGrain<IJobGrain>(id!).GetAsync() is { } job && (caller.IsAdmin || job.Request.Owner == caller.Owner)
            ? job.Request
            : Problem.NoSuchJob(id!).Failure;
    }

    [LoggerMessage(LogLevel.Warning, "Job {Index} of a batch could not be taken")]
    private partial void LogNotTaken(Exception failure, int index);
}
