using System.Collections.Immutable;
using MakeVideo.Contracts;

namespace MakeVideo.Transcription;

/// <summary>
/// Tells in which island of voice each word lies, from its rough onset and its length. Attention says little about pauses, so that a word may
/// seem to begin before the pause in front of it: it lies where most voice is between its onset and the next; where that is in doubt, how much is said
/// in so much time decides. The cheapest assignment in order, by dynamic programming.
/// </summary>
internal static class WordHomes
{
    // A second that an island has too much or too little for its words, against a second of voice on the wrong side of a pause.
    private const double Pace = 0.2;

    /// <summary>The index of each word's island; never decreasing.</summary>
    /// <param name="onsets">Seconds.</param>
    /// <param name="weights">As <see cref="WordWeight"/> gives them.</param>
    /// <param name="islands">At least one.</param>
    public static int[] Choose(ReadOnlySpan<double> onsets, ReadOnlySpan<double> weights, ImmutableArray<SpeechSpan> islands)
    {
        var words = onsets.Length;
        var said = 0.0;
        foreach (var weight in weights)
        {
            said += weight;
        }

        var secondsPerWeight = islands.Sum(Length) / said;
        var cost = new double[islands.Length + 1, words + 1];
        var taken = new int[islands.Length + 1, words + 1];
        for (var n = 1; n <= words; n++)
        {
            cost[0, n] = double.PositiveInfinity;
        }

        for (var k = 1; k <= islands.Length; k++)
        {
            for (var n = 0; n <= words; n++)
            {
                var (expected, outside, best) = (0.0, 0.0, double.PositiveInfinity);
                for (var first = n; first >= 0; first--)
                {
                    if (first < n)
                    {
                        expected += weights[first] * secondsPerWeight;
                        outside -= Inside(onsets[first], first + 1 < words ? onsets[first + 1] : double.PositiveInfinity, islands[k - 1]);
                    }

                    var total = cost[k - 1, first] + outside + (Pace * Math.Abs(expected - Length(islands[k - 1])));
                    if (total < best)
                    {
                        (best, taken[k, n]) = (total, first);
                    }
                }

                cost[k, n] = best;
            }
        }

        var homes = new int[words];
        for (var (k, n) = (islands.Length, words); k > 0; n = taken[k, n], k--)
        {
            homes.AsSpan(taken[k, n]..n).Fill(k - 1);
        }

        return homes;
    }

    private static double Inside(double onset, double next, SpeechSpan island) => Math.Max(0, Math.Min(next, island.End) - Math.Max(onset, island.Start));

    private static double Length(SpeechSpan span) => span.End - span.Start;
}
