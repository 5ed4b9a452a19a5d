using System.Text.Json.Nodes;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Problems;
using MakeVideo.Gateway.Uploads;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace MakeVideo.Gateway.Jobs;

/// <summary><c>POST /make-video</c>: from a stream of bytes to a job, or to nothing at all.</summary>
internal sealed class Submission(IGrainFactory grains, DataFolder data, IOptions<GatewayOptions> options, TimeProvider clock)
{
    public async Task<IResult> ReceiveAsync(HttpContext context)
    {
        var id = JobIds.Create();
        var accepted = false;
        try
        {
            var form = await new UploadReader(options.Value).ReadAsync(context.Request, data.Audio(id), data.Script(id), context.RequestAborted);
            if (form.Failed)
            {
                return Problem.Of(form.Failure);
            }

            var request = MakeVideoForm.ToRequest(id, form.Value, options.Value, clock.GetUtcNow());
            if (request.Failed)
            {
                return Problem.Of(request.Failure);
            }

            if (await RefusedAsync(form.Value.Audio!, data.Audio(id), context.RequestAborted) is { } refused)
            {
                return Problem.Of(refused);
            }

            // From here the outcome may be unknown: a call that times out may have made the job, and the job needs its upload.
            accepted = true;
            var submitted = await grains.GetGrain<IJobGrain>(id).SubmitAsync(request.Value);
            accepted = !submitted.Failed;
            return submitted.Failed
                ? Problem.Of(submitted.Failure)
                : TypedResults.Accepted($"/jobs/{id}", new JsonObject { ["job_id"] = id, ["status"] = "queued", ["message"] = $"The job is queued. Follow it at /jobs/{id}" });
        }
        catch (IOException failure) when ((failure.HResult & 0xFFFF) == 28)
        {
            return Problem.Of(new(FailureCodes.DiskFull, null, "The server's disk is full. Try again later.", Retryable: true));
        }
        finally
        {
            if (!accepted && Directory.Exists(data.Upload(id)))
            {
                Directory.Delete(data.Upload(id), recursive: true);
            }
        }
    }

    private static async Task<JobFailure?> RefusedAsync(UploadedFile audio, string path, CancellationToken cancellation)
    {
        if (audio.Bytes == 0)
        {
            return new(FailureCodes.AudioEmpty, null, "audio_file is empty (0 bytes). Send it again.");
        }

        var head = new byte[AudioSniff.Needed];
        await using var file = File.OpenRead(path);
        var read = await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellation);
        return AudioSniff.IsAudio(head.AsSpan(0, read))
            ? null
            : new(FailureCodes.AudioUnreadable, null, $"audio_file is no audio, whatever it is called: its content is not {AudioSniff.Formats}.");
    }
}
