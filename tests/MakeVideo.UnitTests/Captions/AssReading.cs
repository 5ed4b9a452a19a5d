using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace MakeVideo.UnitTests.Captions;

/// <summary>Reads ASS as libass 0.17 does: only what the tests need, and nothing of the code under test.</summary>
internal static class AssReading
{
    public sealed record Event(long Start, long End, string Text);

    public static ImmutableArray<Event> Events(string? ass) =>
        ass is null ? [] : [.. ass.Split('\n').Where(line => line.StartsWith("Dialogue: ", StringComparison.Ordinal)).Select(Read)];

    /// <summary>What frame k shows: ffmpeg hands libass its time cut to whole milliseconds; start is inside, end is not.</summary>
    public static string At(ImmutableArray<Event> events, int frame, int framesPerSecond)
    {
        var now = (long)(frame * (1.0 / framesPerSecond) * 1000);
        return string.Join('|', events.Where(each => each.Start <= now && now < each.End).Select(each => each.Text));
    }

    /// <summary>The text that is drawn: blocks taken out, escapes resolved; each override block becomes U+0001, each line break U+0002.</summary>
    public static string Drawn(string text)
    {
        var drawn = new StringBuilder();
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] == '\\' && index + 1 < text.Length && "Nnh{}".Contains(text[index + 1], StringComparison.Ordinal))
            {
                index++;
                drawn.Append(text[index] switch { 'N' or 'n' => '\u0002', 'h' => '\u00A0', var brace => brace });
            }
            else if (text[index] == '{' && text.IndexOf('}', index) is var end and > 0)
            {
                drawn.Append('\u0001');
                index = end;
            }
            else
            {
                drawn.Append(text[index]);
            }
        }

        return drawn.ToString();
    }

    private static Event Read(string line)
    {
        var fields = line["Dialogue: ".Length..].Split(',', 10);
        return new Event(Time(fields[1]), Time(fields[2]), fields[9]);
    }

    private static long Time(string time)
    {
        var parts = time.Split(':', '.').Select(part => long.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        return (((((parts[0] * 60) + parts[1]) * 60) + parts[2]) * 1000) + (parts[3] * 10);
    }
}
