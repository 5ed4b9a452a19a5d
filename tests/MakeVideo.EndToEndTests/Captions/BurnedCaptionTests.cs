using System.Collections.Immutable;
using MakeVideo.Captions;
using MakeVideo.Contracts;
using Xunit;

namespace MakeVideo.EndToEndTests.Captions;

public sealed class BurnedCaptionTests : IDisposable
{
    /// <summary>Between black's edge and the darkest colour of words.</summary>
    private const byte Lit = 90;

    private static readonly string[] Texts =
        ["WWWWWWWWWWWW", "extraordinarily", "Съешь щущуЩЩ", "ΑΩΗΜΨώώώ", "ÄÖÜŒæœß", "שלום עולם", "عليكم السلام", "سسس ببب ففف ططط", "字幕字幕字幕字幕字幕字幕", "😀😀😀😀😀😀", "ﷺﷺﷺ", "gjpqy{}|"];

    private static readonly OutputFormat Portrait = OutputFormat.For(AspectRatio.Portrait9x16, Quality.Preview);

    private static readonly Transcript Speech = new(
        "en",
        "test",
        [
            new("And", 0.32, 0.61), new("so,", 0.61, 0.98), new("my", 1.06, 1.25), new("fellow", 1.25, 1.62), new("Americans,", 1.62, 2.31),
            new("ask", 3.48, 3.9), new("not", 3.9, 4.3), new("what", 4.47, 4.7), new("your", 4.7, 4.9), new("country", 4.9, 5.4), new("can", 5.4, 5.6), new("do", 5.61, 5.8),
        ],
        [new(0.3, 2.35), new(3.45, 5.85)]);

    public static TheoryData<CaptionStyle, AspectRatio> Looks =>
        [.. from style in Enum.GetValues<CaptionStyle>() from aspect in Enum.GetValues<AspectRatio>() select (style, aspect)];

    private readonly CaptionRender render = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(CaptionStyle.Static, "null")]
    [InlineData(CaptionStyle.Dynamic, "settb=1/15360,setpts=PTS")]
    [InlineData(CaptionStyle.Minimal, "settb=1/90000")]
    public async Task Segments_show_frame_for_frame_what_the_whole_shows(CaptionStyle style, string timebase)
    {
        const int Frames = 186;
        var cues = Cues.Build(Speech, style, Portrait, Frames);
        var timeline = AssTimeline.Build(cues, style, Portrait);
        var whole = await render.HashesAsync(timeline.ToString(), Portrait, Frames, timebase, Cancellation);
        var black = await render.HashesAsync(AssTimeline.Build([], style, Portrait).ToString(), Portrait, 1, "null", Cancellation);
        Assert.Equal(Frames, whole.Length);

        // On its own frames, and on no other, each cue is drawn.
        var drawn = Enumerable.Range(0, Frames).Where(frame => whole[frame] != black[0]);
        Assert.Equal(cues.SelectMany(cue => Enumerable.Range(cue.Start, cue.End - cue.Start)), drawn);

        // Lengths that put cuts inside cues, at their edges and into silence.
        foreach (var length in (int[])[37, 62])
        {
            for (var first = 0; first < Frames; first += length)
            {
                var count = Math.Min(length, Frames - first);
                var cut = timeline.Cut(first, count) is { } ass
                    ? await render.HashesAsync(ass, Portrait, count, timebase, Cancellation)
                    : Enumerable.Repeat(black[0], count);
                Assert.Equal(whole[first..(first + count)], cut);
            }
        }
    }

    [Fact]
    public async Task A_position_tag_in_a_word_is_drawn_as_text_where_captions_stand()
    {
        var tagged = await BoxAsync([new("{\\an8}x", 0, 1)], CaptionStyle.Static, Portrait);
        var plain = await BoxAsync([new("x", 0, 1)], CaptionStyle.Static, Portrait);

        Assert.True(tagged.Top > Portrait.Height / 2, $"drawn at {tagged}");
        Assert.True(tagged.Right - tagged.Left > 4 * (plain.Right - plain.Left), $"only the x was drawn: {tagged}");
    }

    [Fact]
    public async Task A_line_break_in_a_word_does_not_break_the_line()
    {
        var broken = await BoxAsync([new("A\\NB", 0, 1)], CaptionStyle.Static, Portrait);
        var plain = await BoxAsync([new("ANB", 0, 1)], CaptionStyle.Static, Portrait);

        Assert.InRange(broken.Bottom - broken.Top, 1, (plain.Bottom - plain.Top) * 3 / 2);
    }

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Every_script_stays_inside_the_safe_area(CaptionStyle style, AspectRatio aspect)
    {
        var format = OutputFormat.For(aspect, Quality.Preview);
        var look = CaptionLook.For(style, format);
        var shown = Texts.Select((text, index) => Cues.Build(new Transcript("xx", "test", [new(text, 0, 1)], [new(0, 1)]), style, format, 30)[0] with { Start = index, End = index + 1 });
        var luma = await render.LumaAsync(AssTimeline.Build([.. shown], style, format).ToString(), format, Texts.Length, Cancellation);
        foreach (var (text, frame) in Texts.Zip(luma.Chunk(format.Width * format.Height)))
        {
            var box = Box(frame, format);
            Assert.True(
                box.Left >= look.SideMargin - 1 && box.Right <= format.Width - look.SideMargin + 1 && box.Top >= 0 && box.Bottom <= format.Height - look.BottomMargin + 1,
                $"“{text}” is drawn at {box}, outside {look}");
        }
    }

    [Fact]
    public async Task The_line_stands_still_while_the_light_moves_along_it()
    {
        var cue = new Cue([new("my", 0, 0.1), new("fellow", 0.1, 0.2)], 0, 6);
        var ass = AssTimeline.Build([cue], CaptionStyle.Dynamic, Portrait).ToString();
        var hashes = await render.HashesAsync(ass, Portrait, 6, "null", Cancellation);
        var red = await render.RedAsync(ass, Portrait, 6, Cancellation);
        var frames = red.Chunk(Portrait.Width * Portrait.Height).ToList();

        // Six frames, the light moves once; white and yellow have the same red, so nothing else may differ in it.
        Assert.Equal(2, hashes.Distinct().Count());
        Assert.Contains(frames[0], value => value > Lit);
        Assert.All(frames, frame => Assert.True(frame.AsSpan().SequenceEqual(frames[0])));
    }

    public void Dispose() => render.Dispose();

    private async Task<(int Left, int Top, int Right, int Bottom)> BoxAsync(ImmutableArray<Word> words, CaptionStyle style, OutputFormat format)
    {
        var cues = Cues.Build(new Transcript("xx", "test", words, [new(0, 1)]), style, format, 30);
        var luma = await render.LumaAsync(AssTimeline.Build([cues[0]], style, format).ToString(), format, 1, Cancellation);
        return Box(luma, format);
    }

    /// <summary>Smallest box around all lit pixels; right and bottom are exclusive.</summary>
    private static (int Left, int Top, int Right, int Bottom) Box(byte[] luma, OutputFormat format)
    {
        var lit = Enumerable.Range(0, luma.Length).Where(index => luma[index] > Lit).ToList();
        Assert.NotEmpty(lit);
        return (
            lit.Min(index => index % format.Width),
            lit[0] / format.Width,
            lit.Max(index => index % format.Width) + 1,
            (lit[^1] / format.Width) + 1);
    }
}
