using System.Collections.Immutable;
using System.Net;
using System.Text.RegularExpressions;

namespace MakeVideo.Transcription;

/// <summary>Words of a cue that share one known beginning.</summary>
/// <param name="Start">Seconds; the cue's own for what stands before the first inline time.</param>
/// <param name="IsTimed">Whether an inline time says so.</param>
/// <param name="Words">At least one.</param>
internal sealed record TimedWords(double Start, bool IsTimed, ImmutableArray<string> Words);

/// <summary>Strips a cue's mark-up: <c>&lt;i&gt;</c>, <c>&lt;c.yellow&gt;</c>, <c>&lt;v Ann&gt;</c>, <c>{\an8}</c>, entities. Inline times (<c>&lt;00:00:01.000&gt;</c>) are kept as times.</summary>
internal static partial class CueMarkup
{
    /// <summary>Groups in order; none when only mark-up is there. Inline times outside the cue or out of order are passed over.</summary>
    public static ImmutableArray<TimedWords> Read(ScriptCue cue)
    {
        var groups = ImmutableArray.CreateBuilder<TimedWords>();
        var (time, timed) = (cue.Start, false);
        var pending = "";
        foreach (var piece in Inline().Split(cue.Text))
        {
            if (piece.StartsWith('<') && CueFile.Time(piece[1..^1]) is { } next)
            {
                // A time in the middle of a word cannot part it: the word keeps its beginning.
                var inWord = pending.Length > 0 && !char.IsWhiteSpace(pending[^1]);
                var first = !timed && string.IsNullOrWhiteSpace(pending);
                if (!inWord && next < cue.End && (first ? next >= time : next > time))
                {
                    Close();
                    (time, timed) = (next, true);
                }
            }
            else
            {
                pending += Plain(piece);
            }
        }

        Close();
        return groups.ToImmutable();

        void Close()
        {
            var words = Split(pending);
            pending = "";
            if (words.Length > 0)
            {
                groups.Add(new TimedWords(time, timed, words));
            }
        }
    }

    /// <summary>Words of a text, parted by any white space.</summary>
    public static ImmutableArray<string> Split(string text) => [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];

    private static string Plain(string piece) => WebUtility.HtmlDecode(Override().Replace(Tag().Replace(piece, ""), "")).Replace("\\N", " ", StringComparison.Ordinal);

    [GeneratedRegex(@"(<\d[\d:.,]*>)")]
    private static partial Regex Inline();

    // Only what looks like a tag: "a < b" is text.
    [GeneratedRegex(@"</?[A-Za-z][^<>]*>|</>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\{\\[^{}]*\}")]
    private static partial Regex Override();
}
