using System.Collections.Immutable;
using MakeVideo.Contracts;

namespace MakeVideo.Transcription;

/// <summary>Gives words times where the engine has none: laid over the speech in proportion to their length, never across a silence. Pure.</summary>
internal static class WordTimes
{
    /// <summary>Letters' worth of the time that any word takes, however short, and of the pause after a comma or a full stop.</summary>
    private const double Onset = 1.5;
    private const double Pause = 2;

    /// <summary>Lays words over one span, whole.</summary>
    public static IEnumerable<Word> Lay(IReadOnlyList<string> words, SpeechSpan span)
    {
        var weight = words.Sum(Weight);
        var time = span.Start;
        foreach (var word in words)
        {
            var length = Weight(word) / weight * (span.End - span.Start);
            yield return new(word, time, time + length);
            time += length;
        }
    }

    /// <summary>How long a word takes to say, in letters.</summary>
    public static double Weight(string word) => Onset + word.Count(char.IsLetterOrDigit) + (word[^1] is ',' or '.' or ';' or ':' or '?' or '!' ? Pause : 0);
}
