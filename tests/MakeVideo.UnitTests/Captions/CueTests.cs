using System.Collections.Immutable;
using MakeVideo.Captions;
using MakeVideo.Contracts;
using Xunit;

namespace MakeVideo.UnitTests.Captions;

public sealed class CueTests
{
    private static readonly OutputFormat Portrait = OutputFormat.For(AspectRatio.Portrait9x16, Quality.Fast);

    [Fact]
    public void Two_words_share_a_cue_at_their_own_times()
    {
        var cues = Build([new("ask", 1.0, 1.2), new("not", 1.25, 1.5), new("what", 1.6, 1.8)], [new(1.0, 1.8)]);

        Assert.Equal(["ask not", "what"], cues.Select(cue => cue.Text));
        Assert.Equal([30, 48], cues.Select(cue => cue.Start));
        Assert.Equal(48, cues[0].End);
    }

    [Fact]
    public void A_cue_ends_with_its_speech_and_does_not_last_over_the_silence()
    {
        var cues = Build([new("one", 1.0, 1.5), new("two", 4.0, 4.5)], [new(1.0, 1.5), new(4.0, 4.5)]);

        Assert.Equal([(30, 48), (120, 138)], cues.Select(cue => (cue.Start, cue.End)));
    }

    [Fact]
    public void A_sentence_ends_its_cue() =>
        Assert.Equal(["Stop.", "Go on"], Build([new("Stop.", 1, 1.3), new("Go", 1.3, 1.5), new("on", 1.5, 1.8)], [new(1, 2)]).Select(cue => cue.Text));

    [Fact]
    public void A_pause_inside_a_span_parts_two_words() =>
        Assert.Equal(["well", "then"], Build([new("well", 1, 1.3), new("then", 1.7, 1.9)], [new(1, 2)]).Select(cue => cue.Text));

    [Fact]
    public void A_short_word_is_held_for_120_ms_where_the_next_allows()
    {
        var cues = Build([new("I.", 1.0, 1.03), new("Am.", 1.6, 1.63), new("No.", 1.7, 1.73)], [new(0.9, 2.5)]);

        Assert.Equal([(30, 35), (48, 51), (51, 56)], cues.Select(cue => (cue.Start, cue.End)));
    }

    [Fact]
    public void A_word_that_an_engine_put_into_a_silence_goes_to_the_nearest_speech()
    {
        var cues = Build([new("late", 2.0, 2.4)], [new(0.5, 1.0), new(2.6, 3.0)]);

        Assert.Equal([(77, 82)], cues.Select(cue => (cue.Start, cue.End)));
    }

    [Fact]
    public void Words_too_wide_together_have_a_cue_each() =>
        Assert.Equal(["extraordinarily", "complicated"], Build([new("extraordinarily", 1, 1.6), new("complicated", 1.6, 2.2)], [new(1, 2.2)]).Select(cue => cue.Text));

    [Fact]
    public void A_long_word_shrinks_before_it_is_split()
    {
        var look = CaptionLook.For(CaptionStyle.Static, Portrait);

        var shrunk = Assert.Single(Build([new("internationalisation", 1, 2)], [new(1, 2)]));
        Assert.InRange(look.Fit(shrunk.Text), look.FontSize * CaptionLook.MinScale, look.FontSize - 1);

        var split = Build([new("Donaudampfschifffahrtsgesellschaftskapitän", 1, 2)], [new(1, 2)]);
        Assert.True(split.Length > 1);
        Assert.All(split, cue => Assert.InRange(look.Fit(cue.Text), (int)(look.FontSize * CaptionLook.MinScale), look.FontSize));
    }

    [Fact]
    public void Chinese_without_spaces_breaks_into_even_pieces_at_full_size_and_keeps_its_marks_off_the_line_start()
    {
        var cues = Build([new("我们选择在这个十年登上月球，并做其他事情。", 1, 4)], [new(1, 4)]);

        Assert.True(cues.Length > 1);
        Assert.All(cues, cue => Assert.False(CaptionText.MustFollow(cue.Text[..1]), cue.Text));
        Assert.All(cues, cue => Assert.InRange(cue.Text.Length, 5, 9));
        Assert.DoesNotContain(cues, cue => cue.Text.Contains(' ', StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_is_shown_when_nothing_is_said() =>
        Assert.Empty(Build([new("\u200B", 1, 2), new("\n", 2, 3)], [new(1, 3)]));

    private static ImmutableArray<Cue> Build(ImmutableArray<Word> words, ImmutableArray<SpeechSpan> speech) =>
        Cues.Build(new Transcript("en", "test", words, speech), CaptionStyle.Static, Portrait, 300);
}
