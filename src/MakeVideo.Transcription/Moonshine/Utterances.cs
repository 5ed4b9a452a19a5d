using System.Collections.Immutable;
using MakeVideo.Contracts;

namespace MakeVideo.Transcription;

/// <summary>Groups spans that belong to one sentence, so that the model hears words in their context.</summary>
internal static class Utterances
{
    /// <summary>Seconds: what is said after a longer silence is another thought.</summary>
    private const double SentencePause = 2;

    /// <summary>Seconds; longer ones are decoded worse.</summary>
    private const double Longest = 12;

    public static IEnumerable<ImmutableArray<SpeechSpan>> Of(ImmutableArray<SpeechSpan> speech)
    {
        var open = ImmutableArray.CreateBuilder<SpeechSpan>();
        foreach (var span in speech)
        {
            if (open.Count > 0 && (span.Start - open[^1].End > SentencePause || span.End - open[0].Start > Longest))
            {
                yield return open.DrainToImmutable();
            }

            open.Add(span);
        }

        if (open.Count > 0)
        {
            yield return open.DrainToImmutable();
        }
    }
}
