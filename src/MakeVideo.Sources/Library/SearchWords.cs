using System.Globalization;
using System.Text;

namespace MakeVideo.Sources.Library;

/// <summary>Text into words that compare: names of files and folders, tags and queries alike.</summary>
internal static class SearchWords
{
    // The runtime has no normalisation tables (invariant globalisation), so the Latin letters that names carry are folded here: each group's first
    // letter stands for the rest.
    private static readonly Dictionary<char, char> Plain = Folds(
        "aàáâãäåāăąǎǻạảấầẩẫậắằẳẵặ", "cçćĉċč", "dďđð", "eèéêëēĕėęěẹẻẽếềểễệ", "gĝğġģǧ", "hĥħ", "iìíîïĩīĭįıǐỉị", "jĵ", "kķǩ", "lĺļľŀł", "nñńņňŉŋ",
        "oòóôõöøōŏőơǒọỏốồổỗộớờởỡợ", "rŕŗř", "sśŝşšș", "tţťŧț", "uùúûüũūŭůűųưǔụủứừửữự", "wŵẁẃẅ", "yýÿŷỳỵỷỹ", "zźżž");

    /// <summary>
    /// The words of a text in order, repeats kept: cut at all that is neither letter nor digit, at camelCase humps and before a number; case and
    /// accents folded; each character of Chinese and Japanese a word, as they write no spaces.
    /// </summary>
    public static IEnumerable<string> Of(string text)
    {
        var word = new StringBuilder();
        var runes = text.EnumerateRunes().ToArray();
        for (var index = 0; index < runes.Length; index++)
        {
            var rune = runes[index];
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark && word.Length > 0 && char.IsAsciiLetter(word[^1]))
            {
                // A decomposed accent, as some file systems write names.
                continue;
            }

            var part = IsPart(rune);
            if (word.Length > 0 && (!part || IsIdeograph(rune) || IsIdeograph(runes[index - 1]) || IsHump(runes, index)))
            {
                yield return word.ToString();
                word.Clear();
            }

            if (part)
            {
                Fold(rune, word);
            }
        }

        if (word.Length > 0)
        {
            yield return word.ToString();
        }
    }

    /// <summary>What is left of a folded word without its plural: books and book, cities and city, boxes and box have one stem.</summary>
    public static string Stem(string word)
    {
        var stem = word;
        if (stem.Length > 3 && stem[^1] == 's' && stem[^2] is not ('s' or 'u' or 'i'))
        {
            stem = stem[..^1];
        }

        if (stem.Length > 3 && stem[^1] == 'e')
        {
            stem = stem[..^1];
        }

        return stem.Length > 2 && stem[^1] == 'y' ? stem[..^1] + 'i' : stem;
    }

    /// <summary>
    /// How well a stem of a query meets one of a clip: 2 the same, 1 the same but for an ending (walk, walking; detect, detection), 0 not.
    /// </summary>
    public static int Closeness(string asked, string offered)
    {
        if (string.Equals(asked, offered, StringComparison.Ordinal))
        {
            return 2;
        }

        var (shorter, longer) = asked.Length < offered.Length ? (asked, offered) : (offered, asked);
        return shorter.Length >= 4 && longer.Length - shorter.Length <= 3 && longer.StartsWith(shorter, StringComparison.Ordinal) ? 1 : 0;
    }

    private static bool IsPart(Rune rune) =>
        Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static bool IsIdeograph(Rune rune) => rune.Value is (>= 0x3041 and <= 0x30FF) or (>= 0x3400 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFD);

    private static bool IsHump(Rune[] runes, int index)
    {
        var (before, here) = (runes[index - 1], runes[index]);
        return (Rune.IsUpper(here) && (Rune.IsLower(before) || Rune.IsDigit(before)))
            || (Rune.IsUpper(here) && Rune.IsUpper(before) && index + 1 < runes.Length && Rune.IsLower(runes[index + 1]))
            || (Rune.IsDigit(here) && Rune.IsLetter(before));
    }

    private static void Fold(Rune rune, StringBuilder word)
    {
        var lower = Rune.ToLowerInvariant(rune);
        _ = lower.Value switch
        {
            'ß' => word.Append("ss"),
            'æ' => word.Append("ae"),
            'œ' => word.Append("oe"),
            'þ' => word.Append("th"),
            'ς' => word.Append('σ'),
            'ё' => word.Append('е'),
            _ when lower.IsBmp && Plain.TryGetValue((char)lower.Value, out var plain) => word.Append(plain),
            _ => word.Append(lower),
        };
    }

    private static Dictionary<char, char> Folds(params string[] groups) =>
        groups.SelectMany(group => group.Skip(1).Select(letter => (letter, group[0]))).ToDictionary();
}
