using System.Collections.Immutable;
using MakeVideo.Contracts;

namespace MakeVideo.Transcription;

/// <summary>Gives words times where the engine has none: laid over the speech in proportion to their length, never across a silence. Pure.</summary>
internal static class WordTimes
{
    /// <summary>Letters' worth of the time that any word takes, however short, and of the pause after a comma or a full stop.</summary>
    private const double Onset = 1.5;
    private const double Pause = 2;

    /// <summary>A word whose middle falls before the end of a span is spoken in it.</summary>
    /// <param name="words">In order.</param>
    /// <param name="speech">At least one span, in order, not overlapping.</param>
    public static IEnumerable<Word> Lay(IReadOnlyList<string> words, ImmutableArray<SpeechSpan> speech)
    {
        var total = speech.Sum(span => span.End - span.Start);
        var weight = words.Sum(Weight);
        var placed = new List<(string Word, double Weight)>[speech.Length];
        var (span, passed, spoken) = (0, 0.0, speech[0].End - speech[0].Start);
        foreach (var word in words)
        {
            // Where the word's middle stands if all words shared all speech evenly.
            var middle = (passed + (Weight(word) / 2)) / weight * total;
            while (span < speech.Length - 1 && middle > spoken)
            {
                span++;
                spoken += speech[span].End - speech[span].Start;
            }

            (placed[span] ??= []).Add((word, Weight(word)));
            passed += Weight(word);
        }

        for (var i = 0; i < speech.Length; i++)
        {
            var share = placed[i]?.Sum(word => word.Weight) ?? 0;
            var time = speech[i].Start;
            foreach (var (word, own) in placed[i] ?? [])
            {
                var length = own / share * (speech[i].End - speech[i].Start);
                yield return new(word, time, time + length);
                time += length;
            }
        }
    }

    private static double Weight(string word) => Onset + word.Count(char.IsLetterOrDigit) + (word[^1] is ',' or '.' or ';' or ':' or '?' or '!' ? Pause : 0);
}
