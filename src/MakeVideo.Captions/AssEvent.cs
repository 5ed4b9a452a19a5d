using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MakeVideo.Contracts;

namespace MakeVideo.Captions;

/// <summary>A line that stands still on the frames [Start, End).</summary>
/// <param name="Text">As ASS writes it: tags and escaped words.</param>
internal sealed record AssEvent(int Start, int End, string Text)
{
    /// <summary>The events of a cue: one, or one for each spoken word where the look shows it.</summary>
    public static IEnumerable<AssEvent> Of(Cue cue, CaptionLook look, int framesPerSecond)
    {
        var size = look.Fit(cue.Text);
        var tag = size < look.FontSize ? string.Create(CultureInfo.InvariantCulture, $@"{{\fs{size}}}") : "";
        if (look.Spoken == look.Text)
        {
            yield return new AssEvent(cue.Start, cue.End, tag + AssText.Escape(cue.Text));
            yield break;
        }

        var start = cue.Start;
        for (var spoken = 0; spoken < cue.Words.Length && start < cue.End; spoken++)
        {
            // A word stays lit until the next is said; one whose turn has passed (more words than frames) is not lit.
            var end = spoken + 1 < cue.Words.Length
                ? Math.Clamp((int)Math.Clamp(Math.Round(cue.Words[spoken + 1].Start * framesPerSecond), 0, cue.End), Math.Min(start + 1, cue.End), cue.End)
                : cue.End;
            yield return new AssEvent(start, end, tag + Coloured(cue.Words, spoken, look));
            start = end;
        }
    }

    // Every word has its colour tag whether lit or not: the line is shaped from the same runs, so nothing moves when the light does.
    private static string Coloured(ImmutableArray<Word> words, int spoken, CaptionLook look)
    {
        var line = new StringBuilder();
        for (var index = 0; index < words.Length; index++)
        {
            if (index > 0)
            {
                line.Append(CaptionText.Separator(words[index - 1].Text, words[index].Text));
            }

            line.Append(@"{\c").Append(index == spoken ? look.Spoken : look.Text).Append("&}").Append(AssText.Escape(words[index].Text));
        }

        return line.ToString();
    }
}
