using System.Globalization;
using System.Text;

namespace MakeVideo.Benchmarks.BurnedText;

/// <summary>ASS scripts of text as people burn it into clips. Sizes are of a picture of 1000 x 1000.</summary>
internal static class BurnedScripts
{
    private const string Serif = "DejaVu Serif";
    private const string Sans = "DejaVu Sans";

    /// <summary>Name, kind for the table, whether it must be rejected, and the script.</summary>
    public static IEnumerable<(string Name, string Kind, bool HasText, string Script)> All(string[] lines, int seconds)
    {
        const string Subtitles = "subtitles";
        yield return ("sub-white", Subtitles, true, Script("&HFFFFFF", 48, 2, 60, Spoken(lines, seconds)));
        yield return ("sub-yellow", Subtitles, true, Script("&H00FFFF", 52, 2, 80, Spoken(lines, seconds)));
        yield return ("sub-boxed", Subtitles, true, Script("&HFFFFFF", 44, 2, 60, Spoken(lines, seconds), border: 3));
        yield return ("sub-top", Subtitles, true, Script("&HFFFFFF", 46, 8, 60, Spoken(lines, seconds)));
        yield return ("sub-small", Subtitles, true, Script("&HFFFFFF", 34, 2, 40, Spoken(lines, seconds), outline: 1));
        yield return ("sub-plain", Subtitles, true, Script("&HFFFFFF", 46, 2, 60, Spoken(lines, seconds), outline: 0));
        yield return ("sub-serif-left", Subtitles, true, Script("&HE0E0FF", 46, 1, 60, Spoken(lines, seconds), font: Serif));
        yield return ("sub-two-lines", Subtitles, true, Script("&HFFFFFF", 46, 2, 60, Spoken([.. lines.Chunk(2).Select(pair => string.Join("\\N", pair))], seconds)));
        yield return ("sub-sparse", Subtitles, true, Script("&HFFFFFF", 48, 2, 60, [(1.0, 2.2, lines[0]), (5.0, 6.2, lines[3])]));
        yield return ("sub-fade", Subtitles, true, Script("&HFFFFFF", 48, 2, 120, Spoken(lines, seconds).Select(cue => (cue.Start, cue.End, "{\\fad(200,200)}" + cue.Text))));
        yield return ("words-middle", "single words", true, Script("&HFFFFFF", 80, 5, 0, Words(lines, seconds, 0.45), bold: true));
        yield return ("words-low", "single words", true, Script("&H00FFFF", 70, 2, 250, Words(lines, seconds, 0.5), bold: true, outline: 5));
        yield return ("karaoke", "karaoke", true, Script("&HFFFFFF", 54, 2, 200, Spoken(lines, seconds).Select(cue => (cue.Start, cue.End, Sung(cue.Text))), bold: true));
        yield return ("crawl", "news crawl", true, Script("&HFFFFFF", 44, 1, 30, [(0, seconds, Moving(string.Join(" +++ ", lines), 1000, 940, -2600, 940))]));
        yield return ("crawl-boxed", "news crawl", true, Script("&HFFFFFF", 40, 1, 30, [(0, seconds, Moving(string.Join(" - ", lines), 700, 980, -2000, 980))], border: 3));

        const string Logo = "logo";
        yield return ("logo-corner", Logo, false, Script("&HFFFFFF", 40, 9, 40, [(0, seconds, "MakeVideo")], bold: true));
        yield return ("logo-faint", Logo, false, Script("&H90FFFFFF", 44, 3, 60, [(0, seconds, "@city.walks")]));
        yield return ("logo-two-lines", Logo, false, Script("&H4040FF", 44, 7, 40, [(0, seconds, "CHANNEL\\Nnews at nine")], bold: true));
        yield return ("logo-large", Logo, false, Script("&HFFFFFF", 90, 2, 80, [(0, seconds, "THE BRAND")], bold: true));
        yield return ("logo-late", Logo, false, Script("&HFFFFFF", 46, 1, 60, [(1.5, seconds, "www.example.org")]));
        yield return ("logo-two", Logo, false, Script("&HFFFFFF", 40, 9, 40, [(0, seconds, "LIVE"), (0, seconds, "{\\an1}@somebody")], bold: true));
        yield return ("clock", "clock", false, Script("&HFFFFFF", 40, 3, 40, Enumerable.Range(0, seconds).Select(second => ((double)second, second + 1.0, $"2026-11-24 12:00:{second + 10}"))));
        yield return ("sign-pan", "passing sign", false, Script("&H20D0F0", 70, 7, 0, [(0, seconds, Moving("BAKERY", 1050, 420, -300, 400))], bold: true, font: Serif));
        yield return ("sign-pass", "passing sign", false, Script("&HFFFFFF", 60, 7, 0, [(1, 4, Moving("PARKING", 1000, 300, -350, 340)), (4, seconds, Moving("Hotel Roma", -400, 620, 1000, 560))], font: Serif));
        yield return ("sign-tilt", "passing sign", false, Script("&HF0F0F0", 64, 7, 0, [(0, seconds, Moving("OPEN 24 HOURS", 220, 1000, 300, -100))]));
        yield return ("sign-zoom", "passing sign", false, Script("&HFFFFFF", 40, 5, 0, [(0, seconds, $"{{\\t(0,{seconds * 1000},\\fscx280\\fscy280)}}MUSEUM")], font: Serif));
    }

    private static string Moving(string text, int x0, int y0, int x1, int y1) => string.Create(CultureInfo.InvariantCulture, $"{{\\q2\\move({x0},{y0},{x1},{y1})}}{text}");

    private static string Sung(string text) => string.Concat(text.Split(' ').Select(word => $"{{\\k30}}{word} "));

    private static IEnumerable<(double Start, double End, string Text)> Spoken(string[] lines, int seconds)
    {
        var each = Math.Min(2.0, (double)seconds / Math.Min(lines.Length, 5));
        return Enumerable.Range(0, (int)(seconds / each)).Select(i => (i * each, ((i + 1) * each) - 0.15, lines[i % lines.Length]));
    }

    private static IEnumerable<(double Start, double End, string Text)> Words(string[] lines, int seconds, double each)
    {
        var words = string.Join(' ', lines).Split(' ');
        return Enumerable.Range(0, (int)(seconds / each)).Select(i => (i * each, (i + 1) * each, words[i % words.Length].ToUpperInvariant()));
    }

    private static string Script(
        string colour, int size, int alignment, int margin, IEnumerable<(double Start, double End, string Text)> cues, int border = 1, double outline = 2.5, bool bold = false, string font = Sans)
    {
        var script = new StringBuilder()
            .AppendLine("[Script Info]").AppendLine("ScriptType: v4.00+").AppendLine("PlayResX: 1000").AppendLine("PlayResY: 1000").AppendLine("WrapStyle: 0").AppendLine()
            .AppendLine("[V4+ Styles]")
            .AppendLine("Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding")
            .AppendLine(CultureInfo.InvariantCulture, $"Style: D,{font},{size},{colour},&H00FFFF,&H000000,&H80000000,{(bold ? -1 : 0)},0,0,0,100,100,0,0,{border},{outline},0,{alignment},50,50,{margin},1").AppendLine()
            .AppendLine("[Events]").AppendLine("Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text");
        foreach (var (start, end, text) in cues)
        {
            script.AppendLine(CultureInfo.InvariantCulture, $"Dialogue: 0,{TimeSpan.FromSeconds(start):h\\:mm\\:ss\\.ff},{TimeSpan.FromSeconds(end):h\\:mm\\:ss\\.ff},D,,0,0,0,,{text}");
        }

        return script.ToString();
    }
}
