using System.Text;

namespace MakeVideo.Captions;

/// <summary>The one way by which text of others enters an ASS file.</summary>
internal static class AssText
{
    /// <summary>Invisible, without width, and between a backslash and a letter it keeps the two from being an escape. libass draws nothing for it.</summary>
    private const char WordJoiner = '\u2060';

    /// <summary>
    /// The text of an event that shows exactly this, on one line. Braces are escaped as libass reads them (<c>\{</c>); a backslash, for which ASS
    /// has no escape, is cut off from what follows by a word joiner, as ffmpeg's own ASS writer does.
    /// </summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 8);
        foreach (var character in CaptionText.Clean(text))
        {
            _ = character switch
            {
                '{' or '}' => escaped.Append('\\').Append(character),
                '\\' => escaped.Append('\\').Append(WordJoiner),
                _ => escaped.Append(character),
            };
        }

        return escaped.ToString();
    }
}
