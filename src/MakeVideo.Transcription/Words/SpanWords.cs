using System.Collections.Immutable;
using MakeVideo.Contracts;

namespace MakeVideo.Transcription;

/// <summary>
/// Tells which words of a sentence were spoken in which span of it. A sentence is understood best as a whole, but only its parts, heard
/// alone, say where each word fell: words that both hearings share stay in their part, the rest go where the pace of speech is most even. Pure.
/// </summary>
internal static class SpanWords
{
    /// <summary>What a word outside the part that it was heard in costs, against one whole sentence's worth of uneven pace.</summary>
    private const double Misplaced = 0.5;

    /// <param name="words">Of the whole sentence.</param>
    /// <param name="speech">Its spans.</param>
    /// <param name="heard">For each span, the words that were made out in it alone; may be wrong or empty.</param>
    /// <returns>The words of each span, in order; all of <paramref name="words"/>.</returns>
    public static ImmutableArray<ImmutableArray<string>> Of(IReadOnlyList<string> words, ImmutableArray<SpeechSpan> speech, IReadOnlyList<IReadOnlyList<string>> heard)
    {
        var labels = Labels(words, heard);
        var time = speech.Sum(span => span.End - span.Start);
        var weight = words.Sum(WordTimes.Weight);

        // cost[k][n]: the best way to put the first n words into the first k spans; from[k][n]: how many of them the first k - 1 took.
        var cost = Enumerable.Range(0, speech.Length + 1).Select(_ => Enumerable.Repeat(double.PositiveInfinity, words.Count + 1).ToArray()).ToArray();
        var from = cost.Select(row => new int[row.Length]).ToArray();
        cost[0][0] = 0;
        for (var k = 1; k <= speech.Length; k++)
        {
            var share = (speech[k - 1].End - speech[k - 1].Start) / time;
            for (var first = 0; first <= words.Count; first++)
            {
                var (taken, misplaced) = (0.0, 0);
                for (var next = first; next <= words.Count; next++)
                {
                    if (next > first)
                    {
                        taken += WordTimes.Weight(words[next - 1]);
                        misplaced += labels[next - 1] is { } label && label != k - 1 ? 1 : 0;
                    }

                    // Squared, so that two even parts beat a full and an empty one.
                    var uneven = (taken / weight) - share;
                    var total = cost[k - 1][first] + (uneven * uneven / share) + (Misplaced * misplaced);
                    if (total < cost[k][next])
                    {
                        (cost[k][next], from[k][next]) = (total, first);
                    }
                }
            }
        }

        var parts = new ImmutableArray<string>[speech.Length];
        for (var (k, end) = (speech.Length, words.Count); k > 0; k--)
        {
            var start = from[k][end];
            parts[k - 1] = [.. words.Skip(start).Take(end - start)];
            end = start;
        }

        return [.. parts];
    }

    /// <summary>Where nobody heard the parts: each word goes to the span in which its middle falls at an even pace. Linear, for an hour of script.</summary>
    public static ImmutableArray<ImmutableArray<string>> AtEvenPace(IReadOnlyList<string> words, ImmutableArray<SpeechSpan> speech)
    {
        var time = speech.Sum(span => span.End - span.Start);
        var weight = words.Sum(WordTimes.Weight);
        var parts = speech.Select(_ => ImmutableArray.CreateBuilder<string>()).ToArray();
        var (span, ends, passed) = (0, speech[0].End - speech[0].Start, 0.0);
        foreach (var word in words)
        {
            var middle = (passed + (WordTimes.Weight(word) / 2)) / weight * time;
            for (; span < speech.Length - 1 && middle > ends; span++)
            {
                ends += speech[span + 1].End - speech[span + 1].Start;
            }

            parts[span].Add(word);
            passed += WordTimes.Weight(word);
        }

        return [.. parts.Select(part => part.ToImmutable())];
    }

    /// <summary>The span in which each word was heard alone too, by the longest common subsequence of the two hearings; null where only the whole has it.</summary>
    private static int?[] Labels(IReadOnlyList<string> words, IReadOnlyList<IReadOnlyList<string>> heard)
    {
        var alone = heard.SelectMany((part, index) => part.Select(word => (Word: Letters(word), Span: index))).ToArray();
        var whole = words.Select(Letters).ToArray();
        var common = new int[whole.Length + 1, alone.Length + 1];
        for (var i = whole.Length - 1; i >= 0; i--)
        {
            for (var j = alone.Length - 1; j >= 0; j--)
            {
                common[i, j] = whole[i] == alone[j].Word ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        var labels = new int?[whole.Length];
        for (var (i, j) = (0, 0); i < whole.Length && j < alone.Length;)
        {
            if (whole[i] == alone[j].Word)
            {
                labels[i++] = alone[j++].Span;
            }
            else if (common[i + 1, j] >= common[i, j + 1])
            {
                i++;
            }
            else
            {
                j++;
            }
        }

        return labels;
    }

    private static string Letters(string word) => string.Concat(word.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
