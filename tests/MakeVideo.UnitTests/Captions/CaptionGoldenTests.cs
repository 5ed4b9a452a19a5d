using System.Collections.Immutable;
using CsCheck;
using MakeVideo.Captions;
using MakeVideo.Contracts;
using Xunit;

namespace MakeVideo.UnitTests.Captions;

public sealed class CaptionGoldenTests
{
    private static readonly Transcript Speech = new(
        "en",
        "test",
        [
            new("And", 0.32, 0.61), new("so,", 0.61, 0.98), new("my", 1.06, 1.25), new("fellow", 1.25, 1.62), new("Americans,", 1.62, 2.31), new("{\\an8}ask", 3.48, 3.9),
            new("C:\\New", 3.9, 4.3), new("<b>-->", 5.5, 5.8), new("internationalisation", 5.8, 6.6), new("שלום", 6.7, 7.0), new("عليكم", 7.0, 7.4), new("字幕は、とても便利なものです。", 7.5, 9.0),
        ],
        [new(0.3, 2.35), new(3.45, 4.35), new(5.45, 9.1)]);

    [Theory]
    [InlineData(CaptionStyle.Static, AspectRatio.Portrait9x16)]
    [InlineData(CaptionStyle.Dynamic, AspectRatio.Portrait4x5)]
    [InlineData(CaptionStyle.Minimal, AspectRatio.Landscape16x9)]
    public void Ass_is_as_accepted(CaptionStyle style, AspectRatio aspect)
    {
        var format = OutputFormat.For(aspect, Quality.Fast);
        Golden.Match(AssTimeline.Build(Cues.Build(Speech, style, format, 300), style, format).ToString(), $"{style}-{aspect}.ass");
    }

    [Fact]
    public void Srt_is_as_accepted() => Golden.Match(SrtDocument.Write(Portrait(Speech), 30), "Captions.srt");

    [Fact]
    public void Srt_reads_back_as_its_cues_whatever_the_words() => CaptionGens.Transcript.Sample(transcript =>
    {
        var cues = Portrait(transcript);
        var blocks = SrtDocument.Write(cues, 30).Split("\r\n\r\n", StringSplitOptions.RemoveEmptyEntries);

        // What shows nothing is not written.
        Assert.Equal(cues.Count(cue => !string.IsNullOrWhiteSpace(CaptionText.Clean(cue.Text))), blocks.Length);
        for (var index = 0; index < blocks.Length; index++)
        {
            var lines = blocks[index].Split("\r\n");
            Assert.Equal(3, lines.Length);
            Assert.Equal($"{index + 1}", lines[0]);
            Assert.Matches(@"^\d\d:\d\d:\d\d,\d{3} --> \d\d:\d\d:\d\d,\d{3}$", lines[1]);
            Assert.DoesNotContain("-->", lines[2], StringComparison.Ordinal);
            Assert.DoesNotContain('\n', lines[2]);
        }
    }, print: CaptionGens.Show);

    private static ImmutableArray<Cue> Portrait(Transcript transcript) =>
        Cues.Build(transcript, CaptionStyle.Static, OutputFormat.For(AspectRatio.Portrait9x16, Quality.Fast), 600);
}
