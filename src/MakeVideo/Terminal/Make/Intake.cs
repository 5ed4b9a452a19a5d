using MakeVideo.Contracts;

namespace MakeVideo.Terminal.Make;

/// <summary>Brings a request into the cluster, or finds the job that it already is.</summary>
internal sealed class Intake(IGrainFactory grains, DataFolder data)
{
    /// <summary>The job as it stands, and whether an unfinished one was taken up.</summary>
    public async Task<Outcome<(JobView View, bool Resumed)>> TakeAsync(JobRequest request, MakeOptions options, CancellationToken cancellation)
    {
        if (options.Resume is { } id)
        {
            return await ResumeAsync(id);
        }

        var jobId = JobIds.Create();
        try
        {
            var audio = await Upload.CopyAsync(options.Audio!, data.Audio(jobId), cancellation);
            var script = options.Script is null ? "" : await Upload.CopyAsync(options.Script, data.Script(jobId), cancellation);
            request = request with { JobId = jobId, AudioSha256 = audio, ScriptSha256 = script, CreatedAt = DateTimeOffset.UtcNow, Priority = 1 };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            DropUpload(jobId);
            return new JobFailure(FailureCodes.OutputNotWritable, null, $"The data folder {data.Root} cannot be written: {failure.Message.ReplaceLineEndings(" ")} Free space, or choose another with --data.");
        }

        if (await UnfinishedAsync(request) is { } unfinished)
        {
            DropUpload(jobId);
            return await ResumeAsync(unfinished);
        }

        var submitted = await grains.GetGrain<IJobGrain>(jobId).SubmitAsync(request);
        if (submitted.Failed)
        {
            DropUpload(jobId);
            return submitted.Failure;
        }

        return (submitted.Value, false);
    }

    private async Task<Outcome<(JobView View, bool Resumed)>> ResumeAsync(string id)
    {
        var job = grains.GetGrain<IJobGrain>(id);
        if (await job.GetAsync() is null)
        {
            return new JobFailure(FailureCodes.JobNotFound, null, $"There is no job {id} in {data.Root}. Look with --data where it was made.");
        }

        await job.WakeAsync(WakeCause.Turn);
        return ((await job.GetAsync())!, true);
    }

    /// <summary>A job that was asked for in the same words and has no final state.</summary>
    private async Task<string?> UnfinishedAsync(JobRequest request)
    {
        foreach (var id in await grains.GetGrain<IJobCatalogGrain>(0).ListAsync(null, 500))
        {
            if (await grains.GetGrain<IJobGrain>(id).GetAsync() is { } job && (job.Status < JobStatus.Completed || job.Status is JobStatus.Parked)
                && job.Request with { JobId = request.JobId, CreatedAt = request.CreatedAt, AudioName = request.AudioName } == request)
            {
                return id;
            }
        }

        return null;
    }

    private void DropUpload(string jobId)
    {
        if (Directory.Exists(data.Upload(jobId)))
        {
            Directory.Delete(data.Upload(jobId), recursive: true);
        }
    }
}
