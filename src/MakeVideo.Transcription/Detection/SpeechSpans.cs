using System.Collections.Immutable;
using MakeVideo.Contracts;

namespace MakeVideo.Transcription;

/// <summary>From probabilities to spans. Pure. The numbers are the replaced service's speech gating.</summary>
internal static class SpeechSpans
{
    /// <summary>Speech begins at this probability and ends below the other (Silero's own hysteresis).</summary>
    private const float Begins = 0.5f;
    private const float Ends = 0.35f;

    /// <summary>Seconds.</summary>
    private const double ShortestSpeech = 0.25;
    private const double ShortestGap = 0.1;
    private const double PadBefore = 0.06;
    private const double PadAfter = 0.12;

    /// <summary>Seconds; Moonshine was trained on utterances, and loses the thread in longer ones.</summary>
    private const double LongestSpan = 12;

    /// <param name="probabilities">One per window.</param>
    /// <param name="window">Seconds a window.</param>
    /// <param name="duration">Seconds of audio; no span goes past it.</param>
    public static ImmutableArray<SpeechSpan> Of(ReadOnlySpan<float> probabilities, double window, double duration)
    {
        var raw = new List<(int First, int End)>();
        var start = -1;
        for (var i = 0; i < probabilities.Length; i++)
        {
            if (start < 0 && probabilities[i] >= Begins)
            {
                start = i;
            }
            else if (start >= 0 && probabilities[i] < Ends)
            {
                raw.Add((start, i));
                start = -1;
            }
        }

        if (start >= 0)
        {
            raw.Add((start, probabilities.Length));
        }

        // Gaps too short to be silence are closed first, so that a stutter is not dropped as two clicks.
        var joined = new List<(int First, int End)>();
        foreach (var span in raw)
        {
            if (joined.Count > 0 && (span.First - joined[^1].End) * window < ShortestGap)
            {
                joined[^1] = (joined[^1].First, span.End);
            }
            else
            {
                joined.Add(span);
            }
        }

        var spans = ImmutableArray.CreateBuilder<SpeechSpan>();
        foreach (var (first, end) in joined.Where(span => (span.End - span.First) * window >= ShortestSpeech))
        {
            foreach (var (from, to) in Split(probabilities, first, end, (int)(LongestSpan / window)))
            {
                var begin = Math.Max((from * window) - PadBefore, spans.Count > 0 ? spans[^1].End : 0);
                spans.Add(new(begin, Math.Min((to * window) + PadAfter, duration)));
            }
        }

        return spans.ToImmutable();
    }

    // Halves a long span where it is least like speech, away from its ends.
    private static IEnumerable<(int First, int End)> Split(ReadOnlySpan<float> probabilities, int first, int end, int longest)
    {
        if (end - first <= longest)
        {
            return [(first, end)];
        }

        var (from, to) = (first + ((end - first) / 4), end - ((end - first) / 4));
        var quietest = from;
        for (var i = from; i < to; i++)
        {
            if (probabilities[i] < probabilities[quietest])
            {
                quietest = i;
            }
        }

        return [.. Split(probabilities, first, quietest, longest), .. Split(probabilities, quietest, end, longest)];
    }
}
