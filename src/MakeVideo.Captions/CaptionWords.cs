using System.Collections.Immutable;
using System.Globalization;
using MakeVideo.Contracts;

namespace MakeVideo.Captions;

/// <summary>Spoken words made fit for a line.</summary>
internal static class CaptionWords
{
    /// <summary>
    /// Cleans each word and splits those too wide for a line; words with nothing to see are left out. Pieces lie end to end in the word's own
    /// time, each with its share by width, and together spell the word.
    /// </summary>
    public static IEnumerable<Word> Prepare(ImmutableArray<Word> words, CaptionLook look)
    {
        foreach (var word in words)
        {
            var text = CaptionText.Clean(word.Text);
            if (text.Length == 0)
            {
                continue;
            }

            // Scripts without spaces break anywhere at full size; others shrink first, since half a word reads badly.
            var unspaced = CaptionText.IsUnspacedWord(text);
            var limit = unspaced ? look.SafeWidth : look.SafeWidth / CaptionLook.MinScale;
            var width = CaptionFont.Width(text, look.FontSize);
            if (width <= limit)
            {
                yield return word with { Text = text };
                continue;
            }

            foreach (var piece in Split(word with { Text = text }, width, limit, look.FontSize))
            {
                yield return piece;
            }
        }
    }

    // Pieces of about equal width: a last piece of one character would flash by. Each has something to see.
    private static IEnumerable<Word> Split(Word word, double width, double limit, double fontSize)
    {
        var goal = width / Math.Ceiling(width / limit);
        var elements = StringInfo.GetTextElementEnumerator(word.Text);
        double before = 0, taken = 0;
        var first = 0;
        var begun = false;
        while (elements.MoveNext())
        {
            var element = elements.GetTextElement();
            var advance = CaptionFont.Width(element, fontSize);
            var index = elements.ElementIndex;
            var full = taken + (advance / 2) > goal || taken + advance > limit;
            var visible = CaptionText.Clean(element).Length > 0;
            if (full && begun && visible && !CaptionText.MustFollow(element))
            {
                yield return Piece(word, first, index, before, before + taken, width);
                first = index;
                before += taken;
                (taken, begun) = (0, false);
            }

            taken += advance;
            begun |= visible;
        }

        yield return Piece(word, first, word.Text.Length, before, width, width);
    }

    private static Word Piece(Word word, int first, int end, double from, double to, double width) =>
        new(
            word.Text[first..end],
            word.Start + ((word.End - word.Start) * from / width),
            word.Start + ((word.End - word.Start) * to / width));
}
