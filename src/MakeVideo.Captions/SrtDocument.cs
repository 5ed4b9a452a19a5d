using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace MakeVideo.Captions;

/// <summary>Captions as SubRip, for players and editors.</summary>
internal static class SrtDocument
{
    private const char WordJoiner = '\u2060';

    /// <summary>The cues as SubRip: lines end in CR LF, as the format's own program writes them; to be stored as UTF-8 without a byte order mark.</summary>
    /// <param name="cues">Ordered; times are those of their frames.</param>
    /// <param name="framesPerSecond">Rate of the cues' frames.</param>
    public static string Write(ImmutableArray<Cue> cues, int framesPerSecond)
    {
        var file = new StringBuilder();
        var number = 0;
        foreach (var cue in cues)
        {
            // A cue of invisible characters alone would read as the blank line between cues.
            if (Escape(cue.Text) is var text && !string.IsNullOrWhiteSpace(text))
            {
                file.Append(CultureInfo.InvariantCulture, $"{++number}\r\n{Time(cue.Start, framesPerSecond)} --> {Time(cue.End, framesPerSecond)}\r\n{text}\r\n\r\n");
            }
        }

        return file.ToString();
    }

    /// <summary>SubRip has no escapes: an arrow that parsers look for becomes the character, and what players take for tags is cut by a word joiner.</summary>
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(CaptionText.Clean(text)).Replace("-->", "→");
        for (var index = escaped.Length - 2; index >= 0; index--)
        {
            var (character, next) = (escaped[index], escaped[index + 1]);
            if ((character == '<' && (char.IsAsciiLetter(next) || next == '/')) || (character == '{' && next == '\\') || (character == '\\' && char.IsAsciiLetter(next)))
            {
                escaped.Insert(index + 1, WordJoiner);
            }
        }

        return escaped.ToString();
    }

    private static string Time(int frame, int framesPerSecond)
    {
        var milliseconds = ((2000L * frame) + framesPerSecond) / (2 * framesPerSecond);
        return string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 3600000:00}:{milliseconds / 60000 % 60:00}:{milliseconds / 1000 % 60:00},{milliseconds % 1000:000}");
    }
}
