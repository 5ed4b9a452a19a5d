using System.Collections.Immutable;
using MakeVideo.Contracts;

namespace MakeVideo.Transcription;

/// <summary>The voiced parts of a stretch of speech: what lies between its pauses. Sharper than a detector's spans, whose windows are 32 ms and padded.</summary>
internal static class SpeechIslands
{
    // dB below the stretch's loud parts; a pause in clean speech lies 40 dB and more below.
    private const float Depth = 30;

    // Where the background is loud, what counts as voice must still stand out of it.
    private const float AboveFloor = 8;

    // dB below the level at which an island begins; words fade out more slowly than they begin.
    private const float Fade = 4;

    // Seconds; shorter sounds between pauses are clicks and breaths.
    public const double Shortest = 0.040;

    /// <summary>Islands inside the spans, in order, at least 100 ms of pause between two of one span; a span in which nothing stands out is one island.</summary>
    public static ImmutableArray<SpeechSpan> Find(SpeechAudio audio, IEnumerable<SpeechSpan> spans)
    {
        var islands = ImmutableArray.CreateBuilder<SpeechSpan>();
        foreach (var span in spans.SelectMany(span => SpeechStretches.Split(audio, span)))
        {
            var found = Find(SpeechEnvelope.Read(audio, span.Start, span.End), span.End);
            islands.AddRange(found.IsEmpty ? [span] : found);
        }

        return islands.ToImmutable();
    }

    /// <summary>The parts of islands between two times, but for scraps too short for a word.</summary>
    public static ImmutableArray<SpeechSpan> Within(ImmutableArray<SpeechSpan> islands, double start, double end) =>
        [.. islands.Select(island => new SpeechSpan(Math.Max(island.Start, start), Math.Min(island.End, end))).Where(island => island.End - island.Start >= Shortest)];

    private static ImmutableArray<SpeechSpan> Find(SpeechEnvelope envelope, double end)
    {
        var sorted = envelope.Levels.Order().ToArray();
        var loud = sorted[(int)(0.95 * (sorted.Length - 1))];
        var quiet = sorted[(int)(0.05 * (sorted.Length - 1))];
        var threshold = Math.Max(loud - Depth, Math.Min(quiet + AboveFloor, loud - AboveFloor));

        var islands = ImmutableArray.CreateBuilder<SpeechSpan>();
        for (var i = 0; i < envelope.Levels.Length; i++)
        {
            var (from, to) = (envelope.Time(i), Math.Min(end, envelope.Time(i + 1)));
            var open = islands.Count > 0 && from - islands[^1].End < SpeechGate.MinGap;
            if (envelope.Levels[i] < threshold - (open ? Fade : 0))
            {
                continue;
            }

            if (open)
            {
                islands[^1] = islands[^1] with { End = to };
            }
            else if (to > from)
            {
                DropClick(islands);
                islands.Add(new SpeechSpan(from, to));
            }
        }

        DropClick(islands);
        return islands.ToImmutable();
    }

    private static void DropClick(ImmutableArray<SpeechSpan>.Builder islands)
    {
        if (islands.Count > 0 && islands[^1].End - islands[^1].Start < Shortest)
        {
            islands.RemoveAt(islands.Count - 1);
        }
    }
}
