using System.Globalization;
using System.Text;

namespace MakeVideo.Sources.Library;

/// <summary>Names and texts of others, for titles and messages.</summary>
internal static class OneLine
{
    /// <summary>The text on one line, without control and direction characters, cut with an ellipsis at so many characters.</summary>
    public static string Of(string text, int maxCharacters)
    {
        var line = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (category is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                line.Append(' ');
            }
            else if (category is not UnicodeCategory.Format)
            {
                line.Append(rune);
            }

            if (line.Length > maxCharacters)
            {
                line.Length = char.IsLowSurrogate(line[maxCharacters - 1]) ? maxCharacters - 2 : maxCharacters - 1;
                line.Append('…');
                break;
            }
        }

        return line.ToString().Trim();
    }
}
