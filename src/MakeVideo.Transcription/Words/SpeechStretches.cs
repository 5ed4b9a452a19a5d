using System.Collections.Immutable;
using MakeVideo.Contracts;

namespace MakeVideo.Transcription;

/// <summary>Cuts speech into stretches that a model hears at once: long enough to give it context, short enough for it to stay exact.</summary>
internal static class SpeechStretches
{
    /// <summary>Seconds; Moonshine's quality drops on longer ones.</summary>
    public const double Longest = 12;

    // A stretch is cut in its second half, so that no scrap is left over.
    private const double CutFrom = 6;

    // Seconds; a longer pause parts sentences. Shorter ones are left in: half a sentence alone is heard wrong ("ask not" becomes "as not").
    private const double JoinedPause = 2;

    // Frames of 10 ms over which a place is judged quiet: shorter than a pause, longer than a plosive.
    private const int QuietFrames = 8;

    /// <summary>Joins spans over short pauses and cuts long ones at their quietest place. In order, none longer than <see cref="Longest"/>.</summary>
    public static ImmutableArray<SpeechSpan> Plan(SpeechAudio audio, ImmutableArray<SpeechSpan> speech)
    {
        var stretches = ImmutableArray.CreateBuilder<SpeechSpan>();
        foreach (var span in speech.SelectMany(span => Split(audio, span)))
        {
            if (stretches.Count > 0 && span.Start > stretches[^1].End && span.Start - stretches[^1].End <= JoinedPause && span.End - stretches[^1].Start <= Longest)
            {
                stretches[^1] = stretches[^1] with { End = span.End };
            }
            else
            {
                stretches.Add(span);
            }
        }

        return stretches.ToImmutable();
    }

    /// <summary>Cuts one span into touching parts of at most <see cref="Longest"/> seconds.</summary>
    public static IEnumerable<SpeechSpan> Split(SpeechAudio audio, SpeechSpan span)
    {
        var rest = span;
        while (rest.End - rest.Start > Longest)
        {
            // Leave more than a scrap for the last part.
            var latest = Math.Min(Longest, rest.End - rest.Start - 1);
            var cut = QuietestPlace(SpeechEnvelope.Read(audio, rest.Start + CutFrom, rest.Start + latest));
            yield return rest with { End = cut };
            rest = rest with { Start = cut };
        }

        yield return rest;
    }

    private static double QuietestPlace(SpeechEnvelope envelope)
    {
        var levels = envelope.Levels;
        var width = Math.Min(QuietFrames, levels.Length);
        var sum = 0f;
        for (var i = 0; i < width; i++)
        {
            sum += levels[i];
        }

        var (best, least) = (0, sum);
        for (var i = width; i < levels.Length; i++)
        {
            sum += levels[i] - levels[i - width];
            // A later place as quiet makes fewer, longer stretches.
            if (sum <= least)
            {
                (best, least) = (i - width + 1, sum);
            }
        }

        return envelope.Time(best) + (width * SpeechEnvelope.Step / 2);
    }
}
