using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using MakeVideo.Contracts;

namespace MakeVideo.Transcription;

/// <summary>One timed line of a script.</summary>
/// <param name="Start">Seconds.</param>
/// <param name="End">Seconds, after <paramref name="Start"/>.</param>
/// <param name="Text">Without mark-up.</param>
internal sealed record ScriptCue(double Start, double End, string Text);

/// <summary>Reads SubRip and WebVTT as people write them: hours optional, comma or point, settings and ids ignored, mark-up dropped.</summary>
internal static partial class ScriptCues
{
    public static bool LooksTimed(string text) => text.StartsWith("WEBVTT", StringComparison.Ordinal) || Timing().IsMatch(text);

    /// <summary>Cues in order of time, not overlapping: one that runs into the next ends where that begins.</summary>
    public static Outcome<ImmutableArray<ScriptCue>> Parse(string text)
    {
        var cues = new List<ScriptCue>();
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].Contains("-->", StringComparison.Ordinal))
            {
                continue;
            }

            if (Timing().Match(lines[i]) is not { Success: true } timing)
            {
                return Invalid(i, "a time that is neither 00:00:01,000 nor 00:01.000");
            }

            var (start, end) = (Seconds(timing, 1), Seconds(timing, 5));
            if (end <= start)
            {
                return Invalid(i, "a cue that ends before it begins");
            }

            var said = string.Join(' ', lines.Skip(i + 1).TakeWhile(line => line.Trim().Length > 0));
            if (Markup().Replace(said, "").Trim() is { Length: > 0 } plain)
            {
                cues.Add(new(start, end, plain));
            }
        }

        if (cues.Count == 0)
        {
            return new JobFailure(FailureCodes.ScriptInvalid, JobStage.GeneratingSubtitles, "The script has no words in it. Send SRT, VTT or plain text with the spoken words, or leave it out.");
        }

        var ordered = cues.OrderBy(cue => cue.Start).ToList();
        for (var i = 0; i + 1 < ordered.Count; i++)
        {
            ordered[i] = ordered[i] with { End = Math.Min(ordered[i].End, ordered[i + 1].Start) };
        }

        return ordered.Where(cue => cue.End > cue.Start).ToImmutableArray();
    }

    private static JobFailure Invalid(int line, string what) =>
        new(FailureCodes.ScriptInvalid, JobStage.GeneratingSubtitles, $"Line {line + 1} of the script has {what}. Mend it, or send plain text without times.");

    private static double Seconds(Match match, int group) =>
        ((match.Groups[group].Success ? Number(match, group) : 0) * 3600) + (Number(match, group + 1) * 60) + Number(match, group + 2)
        + (double.Parse("0." + match.Groups[group + 3].Value, CultureInfo.InvariantCulture));

    private static double Number(Match match, int group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[,.](\d{1,3})\s*-->\s*(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[,.](\d{1,3})")]
    private static partial Regex Timing();

    [GeneratedRegex(@"<[^>\n]*>|\{\\[^}\n]*\}")]
    private static partial Regex Markup();
}
