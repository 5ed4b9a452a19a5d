using System.Collections.Immutable;
using MakeVideo.Contracts;

namespace MakeVideo.Transcription;

/// <summary>Several engines as one: the next is asked when one is not available. The transcript says which it was.</summary>
/// <param name="engines">First choice first; at least one.</param>
internal sealed class FallbackTranscriber(ImmutableArray<ITranscriber> engines) : ITranscriber
{
    public string Name => engines[0].Name;

    public ImmutableArray<string> Languages => engines[0].Languages;

    /// <summary>As the first choice, which mostly does it: for the few that fall back to an engine here, no remote one keeps a core from others.</summary>
    public bool IsRemote => engines[0].IsRemote;

    public async Task<Outcome<Transcript>> TranscribeAsync(SpeechAudio audio, ImmutableArray<SpeechSpan> speech, string language, IProgress<double>? progress, CancellationToken cancellation)
    {
        var failures = new List<JobFailure>();
        foreach (var engine in engines)
        {
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
