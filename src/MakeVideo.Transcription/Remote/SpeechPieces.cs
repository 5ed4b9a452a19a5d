using System.Collections.Immutable;
using MakeVideo.Contracts;

namespace MakeVideo.Transcription.Remote;

/// <summary>A part of an audio that is sent as a file of its own.</summary>
/// <param name="From">Sample.</param>
/// <param name="Count">Samples.</param>
internal readonly record struct SpeechPiece(long From, long Count)
{
    /// <summary>Seconds into the audio.</summary>
    public double Start => From / (double)SpeechAudio.Rate;
}

internal static class SpeechPieces
{
    /// <summary>Parts of at most <paramref name="longest"/> seconds, cut between stretches of speech; silence before, between and after goes with them.</summary>
    public static ImmutableArray<SpeechPiece> Cut(SpeechAudio audio, ImmutableArray<SpeechSpan> speech, double longest)
    {
        var pieces = ImmutableArray.CreateBuilder<SpeechPiece>();
        var (from, spoken) = (0.0, 0.0);
        foreach (var span in speech.SelectMany(span => SpeechStretches.Split(audio, span)))
        {
            if (span.End - from > longest && spoken > from)
            {
                var cut = (spoken + span.Start) / 2;
                pieces.Add(Piece(audio, from, cut));

                // A long silence is not sent at all.
                from = span.End - cut > longest ? span.Start : cut;
            }

            spoken = span.End;
        }

        pieces.Add(Piece(audio, from, Math.Min(audio.Duration, from + longest)));
        return pieces.ToImmutable();
    }

    private static SpeechPiece Piece(SpeechAudio audio, double from, double to)
    {
        var first = (long)(from * SpeechAudio.Rate);
        return new(first, Math.Min((long)Math.Ceiling(to * SpeechAudio.Rate), audio.Samples) - first);
    }
}
