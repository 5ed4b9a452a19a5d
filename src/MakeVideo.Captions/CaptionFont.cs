using System.Globalization;
using System.Text;

namespace MakeVideo.Captions;

/// <summary>
/// The face of all captions, and how wide it sets a text. Widths come from a table, not from the installed file, so that every machine of a
/// cluster breaks and shrinks lines alike.
/// </summary>
internal static class CaptionFont
{
    /// <summary>Debian's fonts-dejavu-core: Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew and Arabic in one bold face; fontconfig finds the rest.</summary>
    public const string Family = "DejaVu Sans";

    /// <summary>libass takes a font size as ascent + descent, as VSFilter does; for this face the em is that share of it (2048 / (1901 + 483) units).</summary>
    private const double EmPerSize = 2048.0 / (1901 + 483);

    /// <summary>Advance widths of U+0020..U+007E in thousandths of an em, from the hmtx table of DejaVuSans-Bold.ttf 2.37, rounded up.</summary>
    private static readonly short[] Ascii =
    [
        349, 457, 521, 838, 696, 1002, 873, 307, 458, 458, 523, 838, 380, 416, 380, 366, 696, 696, 696, 696, 696, 696, 696, 696, 696, 696, 400, 400, 838, 838, 838, 581,
        1000, 774, 763, 734, 831, 684, 684, 821, 837, 373, 373, 775, 638, 996, 837, 851, 733, 851, 771, 721, 683, 813, 774, 1104, 771, 725, 726, 458, 366, 458, 838, 500,
        500, 675, 716, 593, 716, 679, 436, 716, 712, 343, 343, 666, 343, 1042, 712, 688, 716, 716, 494, 596, 479, 712, 652, 924, 646, 652, 583, 712, 366, 712, 838,
    ];

    /// <summary>Letters beyond ASCII that are as wide as an m or wider.</summary>
    private const string WideLower = "æœẁẃẅẇẉẘḿṁṃŵωώϖжмфшщыюњљѡ";
    private const string WideUpper = "ÆŒẀẂẄẆẈŴΉϢЖМФШЩЫЮЊЉѠ";

    /// <summary>Arabic letters by their isolated forms; joined ones are narrower.</summary>
    private const string NarrowArabic = "ءآأإادذرزوؤةهڈڑژۇ";
    private const string WideArabic = "سشصضطظفبتثپٹکگڤ";

    /// <summary>Width in pixels of a text on one line at a font size in pixels, without its outline: exact for ASCII, else rather too wide.</summary>
    public static double Width(string text, double fontSize)
    {
        double thousandths = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            thousandths += Advance(rune);
        }

        return thousandths / 1000 * EmPerSize * fontSize;
    }

    private static double Advance(Rune rune)
    {
        if (rune.Value is >= 0x20 and < 0x7F)
        {
            return Ascii[rune.Value - 0x20];
        }

        // A fallback face has an em of its own, at most the whole font size.
        if (CaptionText.IsFullWidth(rune))
        {
            return 1000 / EmPerSize;
        }

        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => 0,
            UnicodeCategory.LowercaseLetter => rune.IsBmp && WideLower.Contains((char)rune.Value) ? 1120 : 760,
            UnicodeCategory.UppercaseLetter => rune.IsBmp && WideUpper.Contains((char)rune.Value) ? 1350 : 880,
            UnicodeCategory.OtherLetter when rune.Value is >= 0x0590 and < 0x0600 => 760,
            UnicodeCategory.OtherLetter when rune.IsBmp && NarrowArabic.Contains((char)rune.Value) => 620,
            UnicodeCategory.OtherLetter when rune.IsBmp && WideArabic.Contains((char)rune.Value) => 1380,
            UnicodeCategory.SpaceSeparator => 360,
            UnicodeCategory.DecimalDigitNumber => 700,
            UnicodeCategory.DashPunctuation => 1000,
            UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation or UnicodeCategory.OpenPunctuation or UnicodeCategory.ClosePunctuation => 660,
            UnicodeCategory.OtherSymbol or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned => 1600,
            UnicodeCategory.CurrencySymbol or UnicodeCategory.OtherPunctuation => 1100,
            _ => 950,
        };
    }
}
