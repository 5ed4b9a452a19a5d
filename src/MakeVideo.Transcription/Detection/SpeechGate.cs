using System.Collections.Immutable;
using MakeVideo.Contracts;

namespace MakeVideo.Transcription;

/// <summary>Speech probabilities -> spans. Lengths are the replaced service's speech gating; the thresholds are Silero's own defaults.</summary>
internal static class SpeechGate
{
    /// <summary>Seconds from one probability to the next.</summary>
    public const double Step = SileroModel.Window / (double)SpeechAudio.Rate;

    /// <summary>Seconds; what is shorter is a click or a cough.</summary>
    public const double MinSpeech = 0.250;

    /// <summary>Seconds; a shorter gap is a pause inside speech.</summary>
    public const double MinGap = 0.100;

    private const float Onset = 0.5f;

    // Below the onset, so that a soft syllable does not end a span.
    private const float Release = 0.35f;
    private const double PadBefore = 0.060;
    private const double PadAfter = 0.120;

    /// <summary>Spans in order, inside the audio, at least <see cref="MinGap"/> apart.</summary>
    /// <param name="probabilities">One for each <see cref="Step"/>.</param>
    /// <param name="duration">Seconds of the audio.</param>
    public static ImmutableArray<SpeechSpan> Spans(ReadOnlySpan<float> probabilities, double duration)
    {
        var spans = ImmutableArray.CreateBuilder<SpeechSpan>();
        foreach (var (from, to) in Runs(probabilities))
        {
            if (to - from < MinSpeech)
            {
                continue;
            }

            var span = new SpeechSpan(Math.Max(0, from - PadBefore), Math.Min(duration, to + PadAfter));
            if (spans.Count > 0 && span.Start - spans[^1].End < MinGap)
            {
                spans[^1] = spans[^1] with { End = span.End };
            }
            else if (span.End > span.Start)
            {
                spans.Add(span);
            }
        }

        return spans.ToImmutable();
    }

    private static List<(double From, double To)> Runs(ReadOnlySpan<float> probabilities)
    {
        var runs = new List<(double From, double To)>();
        int? start = null;
        var last = 0;
        for (var i = 0; i <= probabilities.Length; i++)
        {
            var ended = i == probabilities.Length;
            if (!ended && probabilities[i] >= (start is null ? Onset : Release))
            {
                start ??= i;
                last = i;
            }
            else if (start is { } from && (ended || (i - last) * Step >= MinGap))
            {
                runs.Add((from * Step, (last + 1) * Step));
                start = null;
            }
        }

        return runs;
    }
}
