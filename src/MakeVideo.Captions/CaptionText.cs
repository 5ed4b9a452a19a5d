using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MakeVideo.Contracts;

namespace MakeVideo.Captions;

/// <summary>What users and engines write, made fit for one line.</summary>
internal static class CaptionText
{
    /// <summary>Closing marks that must not begin a line (Japanese kinsoku, and what joins to the word before).</summary>
    private const string NeverFirst = "、。，．！？：；）」』】〉》〕ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ…‥,.!?:;)]}%";

    /// <summary>
    /// One line without anything that acts on its surroundings: line breaks and tabs become a space, runs of spaces one space; control characters,
    /// bidirectional embeddings and overrides, tags and noncharacters go; a lone surrogate becomes U+FFFD. Joiners stay: emoji and Persian need them.
    /// Empty when nothing is left to see.
    /// </summary>
    public static string Clean(string text)
    {
        var line = new StringBuilder(text.Length);
        var visible = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                if (line.Length > 0 && line[^1] != ' ')
                {
                    line.Append(' ');
                }
            }
            else if (!Acts(rune))
            {
                line.Append(rune);
                visible |= Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format;
            }
        }

        return visible ? line.ToString().TrimEnd(' ') : "";
    }

    /// <summary>The words as one line; no space between two words whose meeting characters belong to scripts without spaces.</summary>
    public static string Join(ImmutableArray<Word> words)
    {
        var line = new StringBuilder();
        for (var index = 0; index < words.Length; index++)
        {
            if (index > 0)
            {
                line.Append(Separator(words[index - 1].Text, words[index].Text));
            }

            line.Append(words[index].Text);
        }

        return line.ToString();
    }

    /// <summary>What stands between two neighbours: a space, or nothing.</summary>
    public static string Separator(string left, string right) =>
        left.Length > 0 && right.Length > 0 && IsUnspaced(Rune.GetRuneAt(right, 0)) && IsUnspaced(LastRune(left)) ? "" : " ";

    /// <summary>True for a word of a script that writes no spaces, such as Chinese, Japanese or Thai.</summary>
    public static bool IsUnspacedWord(string word) => word.Length > 0 && IsUnspaced(Rune.GetRuneAt(word, 0)) && IsUnspaced(LastRune(word));

    /// <summary>True when a sentence ends with this word.</summary>
    public static bool EndsSentence(string word) =>
        word.AsSpan().TrimEnd("\"'”’»)]」』") is [.., '.' or '!' or '?' or '…' or '。' or '！' or '？' or '؟' or '।'];

    /// <summary>True for a character that must not begin a line.</summary>
    public static bool MustFollow(string element) => NeverFirst.Contains(element, StringComparison.Ordinal);

    /// <summary>True for characters as wide as high: Chinese, Japanese, Korean, full-width forms.</summary>
    public static bool IsFullWidth(Rune rune) => rune.Value is
        (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0x303E) or (>= 0x3041 and <= 0xA4CF) or (>= 0xA960 and <= 0xA97C) or (>= 0xAC00 and <= 0xD7A3)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE4F) or (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6) or (>= 0x20000 and <= 0x3FFFD);

    // Korean is full-width but writes spaces; Thai, Lao, Burmese and Khmer are not and do not.
    private static bool IsUnspaced(Rune rune) =>
        (IsFullWidth(rune) && rune.Value is not ((>= 0x1100 and <= 0x115F) or (>= 0x3130 and <= 0x318F) or (>= 0xA960 and <= 0xA97C) or (>= 0xAC00 and <= 0xD7A3)))
        || rune.Value is (>= 0x0E00 and <= 0x0EFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17FF);

    private static bool Acts(Rune rune) =>
        Rune.IsControl(rune)
        || rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x206F) or (>= 0xFFF9 and <= 0xFFFB) or (>= 0xE0000 and <= 0xE0FFF) or (>= 0xFDD0 and <= 0xFDEF)
        || (rune.Value & 0xFFFE) == 0xFFFE;

    private static Rune LastRune(string text) => Rune.DecodeLastFromUtf16(text, out var rune, out _) == System.Buffers.OperationStatus.Done ? rune : Rune.ReplacementChar;
}
