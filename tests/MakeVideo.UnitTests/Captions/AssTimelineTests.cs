using System.Collections.Immutable;
using CsCheck;
using MakeVideo.Captions;
using MakeVideo.Contracts;
using Xunit;

namespace MakeVideo.UnitTests.Captions;

public sealed class AssTimelineTests
{
    private static readonly Gen<(Transcript Transcript, CaptionStyle Style, OutputFormat Format)> Case =
        Gen.Select(CaptionGens.Transcript, CaptionGens.Style, CaptionGens.Format);

    [Fact]
    public void Every_frame_of_a_cut_shows_what_the_whole_shows_there() => Gen.Select(Case, Gen.Int[1, 200]).Sample((@case, length) =>
    {
        const int Frames = 600;
        var timeline = Timeline(@case, Frames);
        var whole = AssReading.Events(timeline.ToString());
        for (var first = 0; first < Frames; first += length)
        {
            var count = Math.Min(length, Frames - first);
            var ass = timeline.Cut(first, count);
            var cut = AssReading.Events(ass);
            Assert.Equal(ass is null, cut.IsEmpty);
            for (var frame = first; frame < first + count; frame++)
            {
                Assert.Equal(AssReading.At(whole, frame, 30), AssReading.At(cut, frame - first, 30));
            }
        }
    });

    [Theory]
    [InlineData(24)]
    [InlineData(25)]
    [InlineData(30)]
    [InlineData(50)]
    [InlineData(60)]
    public void Each_cue_is_seen_on_its_frames_and_no_other(int framesPerSecond) =>
        Gen.Select(Gen.Int[0, 108_000], Gen.Int[1, 40]).Sample((start, length) =>
        {
            var cue = new Cue([new Word("word", 0, 1)], start, start + length);
            var events = AssReading.Events(AssTimeline.Build([cue], CaptionStyle.Static, new OutputFormat(1080, 1920, framesPerSecond)).ToString());
            for (var frame = Math.Max(0, start - 2); frame < start + length + 2; frame++)
            {
                Assert.Equal(frame >= start && frame < start + length ? "word" : "", AssReading.At(events, frame, framesPerSecond));
            }
        });

    [Fact]
    public void In_dynamic_one_word_is_lit_at_each_frame_and_the_line_never_changes() => Case.Where(@case => @case.Style == CaptionStyle.Dynamic).Sample(@case =>
    {
        var cues = Cues.Build(@case.Transcript, @case.Style, @case.Format, 600);
        var events = AssReading.Events(AssTimeline.Build(cues, @case.Style, @case.Format).ToString());
        foreach (var cue in cues)
        {
            for (var frame = cue.Start; frame < cue.End; frame++)
            {
                var line = AssReading.At(events, frame, 30);
                Assert.Equal(1, line.Split(@"{\c&H0000DDFF&}").Length - 1);
                Assert.Equal(AssReading.Drawn(AssReading.At(events, cue.Start, 30)), AssReading.Drawn(line));
            }
        }
    });

    [Fact]
    public void The_light_follows_the_spoken_word()
    {
        var cue = new Cue([new Word("ask", 1, 1.5), new Word("not", 1.5, 2)], 30, 60);
        var events = AssReading.Events(AssTimeline.Build([cue], CaptionStyle.Dynamic, OutputFormat.For(AspectRatio.Portrait9x16, Quality.Fast)).ToString());

        Assert.Equal(@"{\c&H0000DDFF&}ask {\c&H00FFFFFF&}not", AssReading.At(events, 44, 30));
        Assert.Equal(@"{\c&H00FFFFFF&}ask {\c&H0000DDFF&}not", AssReading.At(events, 45, 30));
    }

    [Fact]
    public void A_cut_without_words_is_no_file()
    {
        var timeline = AssTimeline.Build([new Cue([new Word("word", 1, 2)], 30, 60)], CaptionStyle.Static, OutputFormat.For(AspectRatio.Square1x1, Quality.Fast));

        Assert.Null(timeline.Cut(0, 30));
        Assert.Null(timeline.Cut(60, 30));
        Assert.NotNull(timeline.Cut(59, 1));
    }

    [Fact]
    public void Equal_stretches_cut_to_equal_bytes()
    {
        var timeline = AssTimeline.Build(
            [new Cue([new Word("word", 1, 2)], 30, 60), new Cue([new Word("word", 5, 6)], 150, 180)], CaptionStyle.Static, OutputFormat.For(AspectRatio.Square1x1, Quality.Fast));

        Assert.Equal(timeline.Cut(0, 120), timeline.Cut(120, 120));
    }

    [Fact]
    public void No_text_injects_a_tag_or_breaks_a_line() => CaptionGens.Text.Sample(text =>
    {
        var escaped = AssText.Escape(text);
        var drawn = AssReading.Drawn(escaped);

        Assert.DoesNotContain('\n', escaped);
        Assert.DoesNotContain('\r', escaped);
        Assert.DoesNotContain('\u0001', drawn);
        Assert.DoesNotContain('\u0002', drawn);
        Assert.Equal(CaptionText.Clean(text).Replace("\u2060", "", StringComparison.Ordinal), drawn.Replace("\u2060", "", StringComparison.Ordinal));
    });

    [Fact]
    public void Text_keeps_its_place_among_tags_of_its_line() => Gen.Select(CaptionGens.Text, CaptionGens.Text).Sample((left, right) =>
    {
        ImmutableArray<Word> words = [.. new[] { left, right }.Select(CaptionText.Clean).Where(text => text.Length > 0).Select(text => new Word(text, 1, 2))];
        if (words.IsEmpty)
        {
            return;
        }

        var events = AssReading.Events(AssTimeline.Build([new Cue(words, 30, 60)], CaptionStyle.Dynamic, OutputFormat.For(AspectRatio.Square1x1, Quality.Fast)).ToString());
        var drawn = AssReading.Drawn(events[0].Text).Replace("\u0001", "", StringComparison.Ordinal);
        Assert.Equal(CaptionText.Join(words).Replace("\u2060", "", StringComparison.Ordinal), drawn.Replace("\u2060", "", StringComparison.Ordinal));
    });

    private static AssTimeline Timeline((Transcript Transcript, CaptionStyle Style, OutputFormat Format) @case, int frames) =>
        AssTimeline.Build(Cues.Build(@case.Transcript, @case.Style, @case.Format, frames), @case.Style, @case.Format);
}
