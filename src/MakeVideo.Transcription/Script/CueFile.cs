using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using MakeVideo.Contracts;

namespace MakeVideo.Transcription;

/// <summary>One caption of a subtitle file.</summary>
/// <param name="Start">Seconds.</param>
/// <param name="End">Seconds, after <paramref name="Start"/>.</param>
/// <param name="Text">As written, with its mark-up, on one line.</param>
/// <param name="Line">Of its times, from 1: for messages.</param>
internal sealed record ScriptCue(double Start, double End, string Text, int Line);

/// <summary>
/// Reads SRT and WebVTT (W3C, "WebVTT: The Web Video Text Tracks Format"), which differ in little that matters here: whatever has times is a cue.
/// Numbers, identifiers, notes, styles, regions and settings are passed over. Cues come out in order and never overlap.
/// </summary>
internal static partial class CueFile
{
    private const double LeastCue = 0.001;

    /// <summary>Whether a text is meant as subtitles rather than plain words.</summary>
    public static bool Looks(string text) => text.StartsWith("WEBVTT", StringComparison.Ordinal) || IsTiming(text);

    /// <summary>At least one cue, or ScriptInvalid that names the line.</summary>
    public static Outcome<ImmutableArray<ScriptCue>> Parse(string text)
    {
        var vtt = text.StartsWith("WEBVTT", StringComparison.Ordinal);
        var lines = text.Split('\n');
        var cues = new List<ScriptCue>();
        for (var i = 0; i < lines.Length; i++)
        {
            if (vtt && (i == 0 || Block().IsMatch(lines[i])))
            {
                while (i + 1 < lines.Length && !string.IsNullOrWhiteSpace(lines[i + 1]) && !IsTiming(lines[i + 1]))
                {
                    i++;
                }

                continue;
            }

            if (!IsTiming(lines[i]))
            {
                if (!vtt && cues.Count == 0 && !lines[i].AsSpan().Trim().TrimStart("0123456789").IsEmpty)
                {
                    return ScriptText.Invalid($"line {i + 1} holds words before the first time line: give them a time, or remove them");
                }

                continue;
            }

            if (Times(lines[i]) is not var (start, end))
            {
                return ScriptText.Invalid($"line {i + 1} is not a time line: write it as 00:00:01,000 --> 00:00:02,500");
            }

            if (end <= start)
            {
                return ScriptText.Invalid($"the cue of line {i + 1} ends before it begins: correct its times");
            }

            cues.Add(new ScriptCue(start, end, TextAfter(lines, i, vtt), i + 1));
        }

        var ordered = Untangle(cues.Where(cue => cue.Text.Length > 0));
        return ordered.IsEmpty ? ScriptText.Invalid("it has no cue with words: write a time line, then the words under it") : ordered;
    }

    /// <summary>Seconds of <c>hh:mm:ss.mmm</c>, hours optional, comma or full stop; null when it is something else.</summary>
    public static double? Time(string text)
    {
        var match = Clock().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var hours = match.Groups[1].Success ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 0;
        var minutes = int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture);
        var seconds = int.Parse(match.Groups[3].ValueSpan, CultureInfo.InvariantCulture);
        var fraction = match.Groups[4].Success ? double.Parse("0." + match.Groups[4].Value, CultureInfo.InvariantCulture) : 0;
        return (hours * 3600) + (minutes * 60) + seconds + fraction;
    }

    private static bool IsTiming(string line) => line.Contains("-->", StringComparison.Ordinal);

    private static (double Start, double End)? Times(string line)
    {
        var arrow = line.IndexOf("-->", StringComparison.Ordinal);
        var after = line[(arrow + 3)..].TrimStart().Split([' ', '\t'], 2)[0];
        return Time(line[..arrow].Trim()) is { } start && Time(after) is { } end ? (start, end) : null;
    }

    // Up to the next cue. Blank lines end a VTT cue; in SRT people leave them inside one.
    private static string TextAfter(string[] lines, int timing, bool vtt)
    {
        var text = new List<string>();
        var i = timing + 1;
        for (; i < lines.Length && !IsTiming(lines[i]) && !(vtt && string.IsNullOrWhiteSpace(lines[i])); i++)
        {
            text.Add(lines[i].Trim());
        }

        // The next cue's number stands right above its times.
        if (i < lines.Length && IsTiming(lines[i]) && text.Count > 0 && text[^1].Length > 0 && text[^1].All(char.IsAsciiDigit))
        {
            text.RemoveAt(text.Count - 1);
        }

        return string.Join(' ', text.Where(line => line.Length > 0));
    }

    // Later cues win: one that runs into the next is cut there. Of two that begin together, one follows the other.
    private static ImmutableArray<ScriptCue> Untangle(IEnumerable<ScriptCue> cues)
    {
        var ordered = ImmutableArray.CreateBuilder<ScriptCue>();
        foreach (var cue in cues.OrderBy(cue => cue.Start))
        {
            if (ordered.Count > 0 && cue.Start - ordered[^1].Start < LeastCue)
            {
                ordered[^1] = ordered[^1] with { End = Math.Max(ordered[^1].End, cue.End), Text = ordered[^1].Text + " " + cue.Text };
                continue;
            }

            if (ordered.Count > 0 && ordered[^1].End > cue.Start)
            {
                ordered[^1] = ordered[^1] with { End = cue.Start };
            }

            ordered.Add(cue);
        }

        return ordered.ToImmutable();
    }

    [GeneratedRegex(@"^(NOTE|STYLE|REGION)(\s|$)")]
    private static partial Regex Block();

    [GeneratedRegex(@"^(?:(\d{1,3}):)?(\d{1,2}):([0-5]?\d)(?:[.,](\d{1,9}))?$")]
    private static partial Regex Clock();
}
