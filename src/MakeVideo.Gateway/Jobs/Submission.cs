using MakeVideo.Contracts;
using MakeVideo.Gateway.Keys;
using MakeVideo.Gateway.Problems;
using MakeVideo.Gateway.Uploads;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MakeVideo.Gateway.Jobs;

/// <summary><c>POST /make-video</c>: from a stream of bytes to a job, or to nothing at all.</summary>
internal sealed partial class Submission(IGrainFactory grains, DataFolder data, IOptions<GatewayOptions> options, TimeProvider clock, ILogger<Submission> logger)
{
    /// <summary>An upload of an hour is decoded within this mostly; the answer to one that takes longer is still waited for.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(10);

    public async Task<Results<Accepted<AcceptedBody>, Problem>> ReceiveAsync(HttpContext context)
    {
        if (IdempotencyKey.Read(context, out var key) is { } badKey)
        {
            return new Problem(badKey);
        }

        var id = JobIds.Create();
        var keep = false;
        try
        {
            var form = await new UploadReader(options.Value).ReadAsync(context.Request, data.Audio(id), data.Script(id), context.RequestAborted);
            if (form.Failed)
            {
                return new Problem(form.Failure);
            }

            var request = MakeVideoForm.ToRequest(id, form.Value, options.Value, clock.GetUtcNow(), context.Caller().Owner);
            if (request.Failed)
            {
                return new Problem(request.Failure);
            }

            // While this call is out, its outcome is unknown: the job may be there, and then it needs its upload.
            keep = true;
            var submitted = await SubmitAsync(request.Value, key);
            keep = !submitted.Failed && submitted.Value == id;
            return submitted.Failed
                ? new Problem(submitted.Failure)
                : TypedResults.Accepted($"/jobs/{submitted.Value}", new AcceptedBody(submitted.Value, JobStatus.Queued, $"The job is queued. Follow it at /jobs/{submitted.Value}"));
        }
        catch (IOException failure) when (FullDisk.Is(failure))
        {
            return new Problem(new(FailureCodes.DiskFull, null, "The server's disk is full. Send the request again later.", Retryable: true));
        }
        finally
        {
            if (!keep)
            {
                Remove(id);
            }
        }
    }

    /// <summary>Submits a request whose upload is in place. The id of its job: under a key, of the job that every request under it is about. Where the outcome of one with a key is unknown, the client's next try learns it.</summary>
    public Task<Outcome<string>> SubmitAsync(JobRequest request, IdempotencyKey? key) =>
        key is null ? SubmitAsync(request.JobId, request) : grains.GetGrain<ISubmissionGrain>(key.Sha256).SubmitAsync(request);

    private async Task<Outcome<string>> SubmitAsync(string id, JobRequest request)
    {
        var job = grains.GetGrain<IJobGrain>(id);
        try
        {
            var submitting = job.SubmitAsync(request);
            while (await Task.WhenAny(submitting, Task.Delay(AskAgain, clock)) != submitting)
            {
                // A silo that dies takes its answers with it; the job itself knows whether it was taken.
                if (await IsThereAsync(job))
                {
                    submitting.Ignore();
                    return id;
                }
            }

            var submitted = await submitting;
            return submitted.Failed ? submitted.Failure : id;
        }
        catch (Exception failure)
        {
            // The client will not learn this id and will send the work again: whatever became of it here must go.
            LogOutcomeUnknown(failure, id);
            await grains.GetGrain<IJobGrain>(id).DeleteAsync();
            Remove(id);
            throw;
        }
    }

    private async Task<bool> IsThereAsync(IJobGrain job)
    {
        try
        {
            return await job.GetAsync().WaitAsync(AskAgain, clock) is not null;
        }
        catch (Exception failure) when (ProblemMiddleware.Of(failure).Code is FailureCodes.StoreUnavailable)
        {
            return false;
        }
    }

    /// <summary>Removes what was uploaded for a job that is not to be.</summary>
    public void Remove(string id)
    {
        try
        {
            if (Directory.Exists(data.Upload(id)))
            {
                Directory.Delete(data.Upload(id), recursive: true);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The client's answer matters more than a folder that nobody refers to.
            LogNotRemoved(failure, id);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Job {JobId} was submitted with unknown outcome; it is taken back")]
    private partial void LogOutcomeUnknown(Exception failure, string jobId);

    [LoggerMessage(LogLevel.Warning, "The refused upload {JobId} could not be removed")]
    private partial void LogNotRemoved(Exception failure, string jobId);
}
