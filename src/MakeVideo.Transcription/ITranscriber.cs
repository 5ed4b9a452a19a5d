using System.Collections.Immutable;
using MakeVideo.Contracts;

namespace MakeVideo.Transcription;

/// <summary>Turns speech into words with times.</summary>
internal interface ITranscriber
{
    /// <summary>As in <see cref="Transcript.Engine"/>.</summary>
    string Name { get; }

    /// <summary>ISO 639-1 of the languages it understands; empty means any.</summary>
    ImmutableArray<string> Languages { get; }

    /// <summary>Somebody else's machine does the work: it takes none of this silo's cores.</summary>
    bool IsRemote => false;

    /// <summary>Words in order of time, not overlapping; none when nothing sensible was heard. Safe to call for several jobs at once.</summary>
    /// <param name="audio">What is transcribed.</param>
    /// <param name="speech">Where somebody speaks, in order, not overlapping.</param>
    /// <param name="language"><c>auto</c> or ISO 639-1.</param>
    /// <param name="progress">Share of the speech that is done, 0 to 1.</param>
    /// <param name="cancellation">Noticed within one token.</param>
    Task<Outcome<Transcript>> TranscribeAsync(SpeechAudio audio, ImmutableArray<SpeechSpan> speech, string language, IProgress<double>? progress, CancellationToken cancellation);
}
