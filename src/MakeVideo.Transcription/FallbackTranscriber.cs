using System.Collections.Immutable;
using MakeVideo.Contracts;

namespace MakeVideo.Transcription;

/// <summary>Several engines as one: the next is asked when one is not available. The transcript says which it was.</summary>
/// <param name="engines">First choice first; at least one.</param>
/// <param name="core">Waited for before an engine that works here; null: the caller has seen to that.</param>
internal sealed class FallbackTranscriber(ImmutableArray<ITranscriber> engines, Func<CancellationToken, Task<IDisposable>>? core = null) : ITranscriber
{
    public string Name => engines[0].Name;

    public ImmutableArray<string> Languages => engines[0].Languages;

    /// <summary>As the first choice, which mostly does it.</summary>
    public bool IsRemote => engines[0].IsRemote;

    /// <summary>The same engines, of which those that work here wait for a core first: no remote one keeps it from others meanwhile.</summary>
    public FallbackTranscriber TakingCores(Func<CancellationToken, Task<IDisposable>> wait) => new(engines, wait);

    public async Task<Outcome<Transcript>> TranscribeAsync(SpeechAudio audio, ImmutableArray<SpeechSpan> speech, string language, IProgress<double>? progress, CancellationToken cancellation)
    {
        var failures = new List<JobFailure>();
        foreach (var engine in engines)
        {
            using var held = engine.IsRemote || core is null ? null : await core(cancellation);
            var heard = await engine.TranscribeAsync(audio, speech, language, progress, cancellation);
            if (!heard.Failed || !IsEngines(heard.Failure))
            {
                return heard;
            }

            failures.Add(heard.Failure);
        }

        // Whichever is back first is worth waiting for.
        return failures.Where(failure => failure.RetryAt is not null).MinBy(failure => failure.RetryAt)
            ?? failures.Find(failure => failure.Retryable)
            ?? failures[0];
    }

    // The engine's fault, not the audio's: another may do better.
    private static bool IsEngines(JobFailure failure) => failure.Code
        is FailureCodes.UpstreamUnavailable or FailureCodes.UpstreamThrottled or FailureCodes.UpstreamRefused or FailureCodes.UpstreamAnswerInvalid or FailureCodes.UpstreamFailed
        or FailureCodes.ModelMissing;
}
