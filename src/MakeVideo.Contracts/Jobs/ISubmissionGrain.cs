namespace MakeVideo.Contracts;

/// <summary>One submission under a client's Idempotency-Key, however often it is sent. Key: lower-case hex of the SHA-256 of the client's key.</summary>
[Alias("submission-grain")]
public interface ISubmissionGrain : IGrainWithStringKey
{
    /// <summary>
    /// Submits the first request under the key, and answers every later one with the id of the same job for 24 h. A request that asks for something
    /// else is refused with <see cref="FailureCodes.IdempotencyKeyReused"/>. A refusal is not kept: the request may be mended and sent again.
    /// </summary>
    /// <param name="request">Its job id is the one to use if this is the first; its upload is in place.</param>
    [Alias("submit"), ResponseTimeout("00:02:00")]
    Task<Outcome<string>> SubmitAsync(JobRequest request);
}
