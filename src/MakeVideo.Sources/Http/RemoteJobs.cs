using System.Net;
using System.Text.Json;
using MakeVideo.Contracts;

namespace MakeVideo.Sources.Http;

/// <summary>How one of the reference's job services is asked: POST makes a job, <c>GET jobs/{id}</c> tells where it stands.</summary>
internal sealed record RemoteJob
{
    /// <summary>Makes the job; answers with its <c>id</c>.</summary>
    public required UpstreamRequest Submit { get; init; }

    /// <summary>Code of the failure when the service has nothing to make the job of, or its result is not there either time.</summary>
    public string GoneCode { get; init; } = FailureCodes.UpstreamFailed;

    /// <summary>Time between two looks; the first ones come sooner.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>A job whose progress stands still for this long is stuck.</summary>
    public TimeSpan StuckAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The longest that a job may take, progress or not.</summary>
    public TimeSpan AtMost { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>
/// Runs jobs on one of the reference's services: submitted, polled until it is over, collected. A job that the service forgot (404, 410: it expired, or
/// the service restarted) is submitted once more.
/// </summary>
internal sealed class RemoteJobs(UpstreamClient client, TimeProvider clock)
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(250);

    // What a forgotten job is between these methods; no caller sees it.
    private const string Forgotten = "forgotten";

    /// <summary>Failures: those of <see cref="UpstreamClient.SendAsync"/>, UpstreamFailed, and what <paramref name="collect"/> has.</summary>
    /// <param name="job">What to ask for.</param>
    /// <param name="collect">Fetches the result, by the job's id and its last state; null when the service has forgotten the job meanwhile.</param>
    /// <param name="progress">0 to 1 of the remote work.</param>
    /// <param name="cancellation">Stops waiting; the remote job goes on.</param>
    public async Task<Outcome<T>> RunAsync<T>(
        RemoteJob job, Func<string, JsonElement, CancellationToken, Task<Outcome<T>?>> collect, IProgress<double>? progress, CancellationToken cancellation)
    {
        for (var forgotten = 0; ;)
        {
            var done = await FinishAsync(job, progress, cancellation);
            if (!done.Failed)
            {
                if (await collect(done.Value.Id, done.Value.State, cancellation) is { } collected)
                {
                    return collected;
                }

                if (forgotten > 0)
                {
                    return Gone(job);
                }
            }
            else if (done.Failure.Code != Forgotten)
            {
                return done.Failure;
            }

            if (++forgotten > 1)
            {
                return Failed(job, "forgot the job twice");
            }
        }
    }

    private async Task<Outcome<Job>> FinishAsync(RemoteJob job, IProgress<double>? progress, CancellationToken cancellation)
    {
        var submitted = await client.SendAsync(job.Submit, cancellation);
        if (submitted.Failed)
        {
            return submitted.Failure;
        }

        if (submitted.Value.Gone)
        {
            return Gone(job);
        }

        var state = submitted.Value.Body;
        if (state.Text("id") is not { } id || !RemoteIds.Fits(id))
        {
            return new JobFailure(FailureCodes.UpstreamAnswerInvalid, job.Submit.Stage, $"The upstream {client.Options.Name} gave a job no usable id. Check that its address is right and its version known.", Retryable: true);
        }

        var look = new UpstreamRequest(HttpMethod.Get, $"jobs/{id}", job.Submit.Stage) { Accepts = [HttpStatusCode.NotFound, HttpStatusCode.Gone] };
        var (began, moved, seen, pause) = (clock.GetTimestamp(), clock.GetTimestamp(), -1.0, FirstLook < job.Every ? FirstLook : job.Every);
        while (true)
        {
            switch (state.Text("status"))
            {
                case "completed":
                    return new Job(id, state);
                case "failed" or "cancelled":
                    return Failed(job, $"failed at it ({Library.OneLine.Of(state.Text("error_message") ?? state.Text("error") ?? "it does not say why", 200)})");
            }

            if (state.Number("progress") is { } percent && percent > seen)
            {
                (seen, moved) = (percent, clock.GetTimestamp());
                progress?.Report(Math.Clamp(percent / 100, 0, 1));
            }

            if (clock.GetElapsedTime(moved) > job.StuckAfter || clock.GetElapsedTime(began) > job.AtMost)
            {
                return Failed(job, $"did not finish: its job stands still at {Math.Max(0, seen):0} %");
            }

            await Task.Delay(pause, clock, cancellation);
            pause = pause * 1.5 < job.Every ? pause * 1.5 : job.Every;
            var answer = await client.SendAsync(look, cancellation);
            if (answer.Failed)
            {
                return answer.Failure;
            }

            if (answer.Value.Gone)
            {
                return new JobFailure(Forgotten, job.Submit.Stage, Forgotten);
            }

            state = answer.Value.Body;
        }
    }

    private JobFailure Gone(RemoteJob job) => Failed(job, "does not have what it is asked for") with { Code = job.GoneCode, Retryable = job.GoneCode == FailureCodes.UpstreamFailed };

    private JobFailure Failed(RemoteJob job, string what) => new(
        FailureCodes.UpstreamFailed, job.Submit.Stage, $"The upstream {client.Options.Name} {what}.", Retryable: true);

    private sealed record Job(string Id, JsonElement State);
}
