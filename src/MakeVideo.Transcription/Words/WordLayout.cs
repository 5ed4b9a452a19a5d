using System.Collections.Immutable;
using MakeVideo.Contracts;

namespace MakeVideo.Transcription;

/// <summary>Lays words over the parts of the audio in which somebody speaks. No word ever crosses a silence, none is lost, none overlap.</summary>
internal static class WordLayout
{
    // Seconds. The first word said after a pause begins where the voice does: attention knows it only to a syllable.
    private const double Snap = 0.400;

    // Seconds a word gets at least where its island has room.
    private const double Shortest = 0.040;

    /// <summary>Times from the words' lengths alone.</summary>
    /// <param name="words">In order.</param>
    /// <param name="islands">In order, not overlapping, each longer than nothing; at least one when there are words.</param>
    public static ImmutableArray<Word> ByLength(IReadOnlyList<string> words, ImmutableArray<SpeechSpan> islands)
    {
        var weights = words.Select(WordWeight.Of).ToArray();
        var voiced = islands.Sum(island => island.End - island.Start);
        var scale = voiced / weights.Sum();
        var island = 0;
        var (before, said) = (0.0, 0.0);
        var places = new Place[words.Count];
        for (var i = 0; i < places.Length; i++)
        {
            // A word belongs where its middle falls.
            var middle = said + (weights[i] * scale / 2);
            while (island < islands.Length - 1 && middle >= before + islands[island].End - islands[island].Start)
            {
                before += islands[island].End - islands[island].Start;
                island++;
            }

            places[i] = new Place(words[i], island, weights[i], double.NaN);
            said += weights[i] * scale;
        }

        return Fill(places, islands);
    }

    /// <summary>Times from a rough onset for each word.</summary>
    /// <param name="words">In order, onsets in seconds and never decreasing.</param>
    /// <param name="islands">As in <see cref="ByLength"/>.</param>
    public static ImmutableArray<Word> ByOnset(IReadOnlyList<(string Text, double Onset)> words, ImmutableArray<SpeechSpan> islands)
    {
        var weights = words.Select(word => WordWeight.Of(word.Text)).ToArray();
        var homes = WordHomes.Choose([.. words.Select(word => word.Onset)], weights, islands);
        return Fill([.. words.Select((word, i) => new Place(word.Text, homes[i], weights[i], word.Onset))], islands);
    }

    private static ImmutableArray<Word> Fill(Place[] places, ImmutableArray<SpeechSpan> islands)
    {
        var result = ImmutableArray.CreateBuilder<Word>(places.Length);
        for (var from = 0; from < places.Length;)
        {
            var to = from;
            while (to < places.Length && places[to].Island == places[from].Island)
            {
                to++;
            }

            Fill(places.AsSpan(from, to - from), islands[places[from].Island], result);
            from = to;
        }

        return result.MoveToImmutable();
    }

    private static void Fill(ReadOnlySpan<Place> places, SpeechSpan island, ImmutableArray<Word>.Builder result)
    {
        var onsets = Onsets(places, island);
        for (var i = 0; i < places.Length; i++)
        {
            result.Add(new Word(places[i].Text, onsets[i], i + 1 < places.Length ? onsets[i + 1] : island.End));
        }
    }

    private static double[] Onsets(ReadOnlySpan<Place> places, SpeechSpan island)
    {
        var length = island.End - island.Start;
        var total = 0.0;
        foreach (var place in places)
        {
            total += place.Weight;
        }

        var onsets = new double[places.Length];
        var share = 0.0;
        for (var i = 0; i < onsets.Length; i++)
        {
            onsets[i] = double.IsNaN(places[i].Onset) ? island.Start + (length * share / total) : places[i].Onset;
            share += places[i].Weight;
        }

        if (onsets[0] - island.Start < Snap)
        {
            onsets[0] = island.Start;
        }

        // Forward and backward, so that each word has room inside the island.
        var room = Math.Min(Shortest, length / (onsets.Length + 1));
        for (var i = 0; i < onsets.Length; i++)
        {
            onsets[i] = Math.Max(onsets[i], i == 0 ? island.Start : onsets[i - 1] + room);
        }

        for (var i = onsets.Length - 1; i >= 0; i--)
        {
            onsets[i] = Math.Min(onsets[i], (i == onsets.Length - 1 ? island.End : onsets[i + 1]) - room);
        }

        return onsets;
    }

    private readonly record struct Place(string Text, int Island, double Weight, double Onset);
}
