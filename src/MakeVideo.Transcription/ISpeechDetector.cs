using System.Collections.Immutable;
using MakeVideo.Contracts;

namespace MakeVideo.Transcription;

/// <summary>Finds where somebody speaks.</summary>
internal interface ISpeechDetector
{
    /// <summary>Spans in order, not overlapping; empty when nobody speaks. ModelMissing when its model is not there.</summary>
    Task<Outcome<ImmutableArray<SpeechSpan>>> DetectAsync(SpeechAudio audio, IProgress<double>? progress, CancellationToken cancellation);
}
