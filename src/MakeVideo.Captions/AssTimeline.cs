using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MakeVideo.Contracts;

namespace MakeVideo.Captions;

/// <summary>The captions of a whole video as ASS, to be cut into segments without a seam.</summary>
internal sealed class AssTimeline
{
    private readonly string header;
    private readonly int framesPerSecond;
    private readonly ImmutableArray<AssEvent> events;

    private AssTimeline(string header, int framesPerSecond, ImmutableArray<AssEvent> events) =>
        (this.header, this.framesPerSecond, this.events) = (header, framesPerSecond, events);

    /// <summary>One ASS for the whole timeline.</summary>
    /// <param name="cues">Ordered, not overlapping.</param>
    /// <param name="style">How they look.</param>
    /// <param name="format">The frame they are sized to; at most 60 frames/s, above which ASS's hundredths cannot tell frames apart.</param>
    public static AssTimeline Build(ImmutableArray<Cue> cues, CaptionStyle style, OutputFormat format)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(format.FramesPerSecond, 60, nameof(format));
        var look = CaptionLook.For(style, format);
        return new AssTimeline(Header(look, format), format.FramesPerSecond, [.. cues.SelectMany(cue => AssEvent.Of(cue, look, format.FramesPerSecond))]);
    }

    /// <summary>The whole timeline as an ASS file.</summary>
    public override string ToString() => Write(0, int.MaxValue);

    /// <summary>The ASS file of frames [first, first + count), times from its first frame; null when it shows nothing.</summary>
    public string? Cut(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var next = FirstEndingAfter(first);
        return next < events.Length && events[next].Start < first + count ? Write(first, first + count) : null;
    }

    private string Write(int first, int end)
    {
        var file = new StringBuilder(header);
        for (var index = FirstEndingAfter(first); index < events.Length && events[index].Start < end; index++)
        {
            var (start, stop) = (Math.Max(events[index].Start, first) - first, Math.Min(events[index].End, end) - first);
            file.Append(CultureInfo.InvariantCulture, $"Dialogue: 0,{Time(start)},{Time(stop)},Caption,,0,0,0,,{events[index].Text}\n");
        }

        return file.ToString();
    }

    // Events are ordered and do not overlap, so their ends are ordered too.
    private int FirstEndingAfter(int frame)
    {
        var (low, high) = (0, events.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = events[middle].End > frame ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    /// <summary>
    /// Half a frame before the frame, to the nearest hundredth of a second: libass sees frame k at k / rate cut to a millisecond, and an event holds
    /// from its start up to, not including, its end. So early, neither rounding reaches a frame: at 30 frames/s 11 ms are left on either side.
    /// </summary>
    private string Time(int frame)
    {
        var hundredths = frame == 0 ? 0 : ((200L * frame) - 100 + framesPerSecond) / (2 * framesPerSecond);
        return string.Create(CultureInfo.InvariantCulture, $"{hundredths / 360000}:{hundredths / 6000 % 60:00}:{hundredths / 100 % 60:00}.{hundredths % 100:00}");
    }

    /// <summary>
    /// WrapStyle 2 breaks no line: cues are made to fit. ScaledBorderAndShadow ties the edge to the frame. Encoding -1 takes the direction from the
    /// text, so that Arabic and Hebrew run from the right. The matrix is none because the colours are wanted as written.
    /// </summary>
    private static string Header(CaptionLook look, OutputFormat format) => string.Create(CultureInfo.InvariantCulture, $"""
        [Script Info]
        ScriptType: v4.00+
        PlayResX: {format.Width}
        PlayResY: {format.Height}
        WrapStyle: 2
        ScaledBorderAndShadow: yes
        YCbCr Matrix: None

        [V4+ Styles]
        Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
        Style: Caption,{CaptionFont.Family},{look.FontSize},{look.Text},{look.Text},&H00000000,&H80000000,-1,0,0,0,100,100,0,0,1,{look.Outline},{look.Shadow},2,{look.SideMargin},{look.SideMargin},{look.BottomMargin},-1

        [Events]
        Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text

        """).ReplaceLineEndings("\n");
}
