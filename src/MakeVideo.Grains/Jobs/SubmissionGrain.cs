using System.Security.Cryptography;
using System.Text.Json;
using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;

namespace MakeVideo.Grains.Jobs;

/// <summary>What became of the first request under a key.</summary>
internal sealed class SubmissionState : PersistedState
{
    /// <summary>The job that every request under the key is about; null before the first.</summary>
    public string? JobId { get; set; }

    /// <summary>What a request of more than one job was answered; empty while it is under way, null where the request is one job.</summary>
    public string? Answer { get; set; }

    /// <summary>Hash of what was asked for.</summary>
    public string Fingerprint { get; set; } = "";

    /// <summary>The job was taken in. While it is not, its outcome is unknown, and the next request sees to it.</summary>
    public bool Accepted { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }
}

/// <summary>Makes one job of one submission. One call at a time: a hundred at once wait for the first.</summary>
[GrainType("submission")]
internal sealed class SubmissionGrain([PersistentState("submission")] IPersistentState<SubmissionState> state, StoreClock clock) : Grain, ISubmissionGrain
{
    /// <summary>How long an answer is kept.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    public async Task<Outcome<string>> SubmitAsync(JobRequest request)
    {
        var fingerprint = Fingerprint(request);
        if (Refusal(fingerprint) is { } refusal)
        {
            return refusal;
        }

        if (state.State.JobId is null || state.State.ExpiresAt <= clock.Now)
        {
            await ClaimAsync(request.JobId, fingerprint);
        }

        if (state.State.Accepted)
        {
            return state.State.JobId!;
        }

        var taken = await SubmitAsync(request, state.State.JobId!);
        if (taken.Failed && state.State.JobId != request.JobId)
        {
            // The upload of the call that died is gone; this one has its own.
            await ClaimAsync(request.JobId, fingerprint);
            taken = await SubmitAsync(request, request.JobId);
        }

        if (taken.Failed)
        {
            await state.ClearStateAsync();
            return taken.Failure;
        }

        state.State.Accepted = true;
        await state.WriteStateAsync();
        return state.State.JobId!;
    }

    public async Task<Outcome<string>> BeginAsync(string fingerprint)
    {
        if (Refusal(fingerprint) is { } refusal)
        {
            return refusal;
        }

        if (state.State.Answer is null || state.State.ExpiresAt <= clock.Now)
        {
            (state.State.JobId, state.State.Answer, state.State.Accepted) = (null, "", false);
            (state.State.Fingerprint, state.State.ExpiresAt) = (fingerprint, clock.Now + Kept);
            await state.WriteStateAsync();
        }

        return state.State.Answer;
    }

    public async Task<string> KeepAsync(string fingerprint, string answer)
    {
        if (state.State is { Answer: "" } && state.State.Fingerprint == fingerprint)
        {
            state.State.Answer = answer;
            await state.WriteStateAsync();
        }

        return state.State.Fingerprint == fingerprint && state.State.Answer is { Length: > 0 } kept ? kept : answer;
    }

    /// <summary>Why a request cannot be done under this key; null when it can.</summary>
    private JobFailure? Refusal(string fingerprint) =>
        state.State.Corruption is { } corruption
            ? new(FailureCodes.StateCorrupt, null, $"What is stored under this Idempotency-Key cannot be read ({corruption}). Look whether the job is there, then use a new key.")
        : (state.State.JobId ?? state.State.Answer) is not null && state.State.ExpiresAt > clock.Now && state.State.Fingerprint != fingerprint
            ? new(FailureCodes.IdempotencyKeyReused, null, "This Idempotency-Key came with another request in the last 24 h. Use a new key for a new request.")
        : null;

    // Before the job is made: whoever comes after a crash in between asks about the same job.
    private Task ClaimAsync(string jobId, string fingerprint)
    {
        state.State.JobId = jobId;
        state.State.Answer = null;
        state.State.Fingerprint = fingerprint;
        state.State.Accepted = false;
        state.State.ExpiresAt = clock.Now + Kept;
        return state.WriteStateAsync();
    }

    private Task<Outcome<JobView>> SubmitAsync(JobRequest request, string jobId) => GrainFactory.GetGrain<IJobGrain>(jobId).SubmitAsync(request with { JobId = jobId });

    /// <summary>What makes two requests the same: all that was asked for, and the bytes that came with it.</summary>
    private static string Fingerprint(JobRequest request) => Convert.ToHexStringLower(
        SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(request with { JobId = "", Owner = null, AudioName = "", CreatedAt = default, LibraryFolder = null })));
}
