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

    /// <summary>
    /// Begins a request that is more than one job, or goes on with it: the answer that was kept under the key, empty while there is none. Another
    /// request is refused with <see cref="FailureCodes.IdempotencyKeyReused"/> for 24 h.
    /// </summary>
    /// <param name="fingerprint">Hash of all that was asked for.</param>
    [Alias("begin")]
    Task<Outcome<string>> BeginAsync(string fingerprint);

    /// <summary>Keeps the answer to such a request; the one that every request under the key is to have, which is that of the first that was done.</summary>
    [Alias("keep")]
    Task<string> KeepAsync(string fingerprint, string answer);
}
