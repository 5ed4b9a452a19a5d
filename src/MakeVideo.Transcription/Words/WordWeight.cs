using System.Globalization;
using System.Text;

namespace MakeVideo.Transcription;

/// <summary>How long a word takes to say, relative to others. Measured on synthetic speech: time grows with letters, and each word costs a little of its own.</summary>
internal static class WordWeight
{
    private const double PerWord = 1.5;

    /// <summary>At least 1; a letter counts 1, a digit 3 (it is a word), an ideograph 3 (a syllable), a comma 1, a full stop 2.</summary>
    public static double Of(string word)
    {
        var weight = PerWord;
        foreach (var rune in word.EnumerateRunes())
        {
            weight += Rune.GetUnicodeCategory(rune) switch
            {
                UnicodeCategory.DecimalDigitNumber => 3,
                UnicodeCategory.OtherLetter => rune.Value >= 0x2E80 ? 3 : 1,
                UnicodeCategory.NonSpacingMark or UnicodeCategory.Format or UnicodeCategory.Control => 0,
                _ when Rune.IsLetter(rune) => 1,
                _ => rune.Value switch { '.' or '!' or '?' or ':' => 2, ',' or ';' => 1, _ => 0 },
            };
        }

        return weight;
    }
}
