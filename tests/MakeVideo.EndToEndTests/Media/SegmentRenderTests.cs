using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using MakeVideo.Contracts;
using MakeVideo.Media;
using MakeVideo.Media.Probing;
using MakeVideo.Media.Rendering;

namespace MakeVideo.EndToEndTests.Media;

public sealed class SegmentRenderTests(MediaFixture media)
{
    /// <summary>Pictures combed from two moments each, and marked so.</summary>
    internal const string Interlaced = "-vf tinterlace=interleave_top,setfield=tff -flags +ildct+ilme";

    /// <summary>The generator knows only even sizes.</summary>
    internal const string Odd = "-vf scale=321:181,setsar=1 -pix_fmt yuv444p";

    internal const string Hdr = "-pix_fmt yuv420p10le -color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc";

    private readonly SegmentRender _render = media.Get<SegmentRender>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Clips_of_mixed_rates_join_to_the_exact_frame_count()
    {
        string[] clips =
        [
            media.Clip("rate-10.mp4", "10"), media.Clip("rate-25.mp4", "25"), media.Clip("rate-29.83.mp4", "2983/100"), media.Clip("rate-60.mp4", "60"),
            media.Variable(),
        ];
        var folder = media.Fresh();
        var segments = new List<RenderedSegment>();
        foreach (var (clip, index) in clips.Select((clip, index) => (clip, index)))
        {
            var target = Path.Combine(folder, $"{index}.mp4");
            var rendered = await _render.RenderAsync(Spec([new(clip, $"{index}", 0.35, 37), new(clips[^1], "v", 1, 24)]), folder, target, null, Cancellation);
            Assert.False(rendered.Failed, rendered.Failure?.Message);
            Assert.True(SegmentRender.IsComplete(target, 61));
            segments.Add(new(target, 61));
        }

        var video = Path.Combine(folder, "video.mp4");
        var format = OutputFormat.For(AspectRatio.Portrait9x16, Quality.Preview);
        var soundtrack = await media.Get<MakeVideo.Media.Soundtrack>().EncodeAsync(media.Tone("tone-9.mp3", 9), 5 * 61, format, folder, Path.Combine(folder, "soundtrack.mp4"), Cancellation);
        var composed = await media.Get<MakeVideo.Media.Composition>().ComposeAsync(
            [.. segments], soundtrack.Value!, format, 5 * 61, folder, video, null, Cancellation);

        Assert.False(composed.Failed, composed.Failure?.Message);
        Assert.Equal(305, composed.Value.Frames);
        await EveryFrameStandsOnItsTimeAsync(video, 305);
    }

    [Fact]
    public async Task The_same_spec_gives_the_same_bytes_and_another_spec_another_name()
    {
        var clip = media.Clip("plain.mp4");
        var spec = Spec([new(clip, "sha", 0, 45)], captions: Captions("Hello"));
        var folder = media.Fresh();
        var (first, second) = (Path.Combine(folder, "1.mp4"), Path.Combine(folder, "2.mp4"));

        await _render.RenderAsync(spec, folder, first, null, Cancellation);
        await _render.RenderAsync(spec, folder, second, null, Cancellation);

        Assert.Equal(await File.ReadAllBytesAsync(first, Cancellation), await File.ReadAllBytesAsync(second, Cancellation));
        var name = await _render.HashAsync(spec, Cancellation);
        Assert.Equal(name, await _render.HashAsync(spec with { Slices = [spec.Slices[0] with { ClipPath = "/elsewhere" }] }, Cancellation));
        SegmentSpec[] others =
        [
            spec with { Captions = Captions("Hallo") }, spec with { Fit = FitMode.Blur }, spec with { Crop = CropPosition.Top }, spec with { Quality = Quality.Fast },
            spec with { Slices = [spec.Slices[0] with { ClipSha256 = "other" }] }, spec with { Slices = [spec.Slices[0] with { SourceStart = 0.1 }] },
        ];
        Assert.All(others, other => Assert.NotEqual(name, _render.HashAsync(other, Cancellation).Result));
    }

    [Theory]
    [CombinatorialFits]
    public async Task Every_fit_fills_every_aspect(FitMode fit, AspectRatio aspect)
    {
        var folder = media.Fresh();
        var target = Path.Combine(folder, "segment.mp4");

        var rendered = await _render.RenderAsync(Spec([new(media.Clip("odd.mp4", size: "322x182"), "odd", 0, 5)], fit, aspect), folder, target, null, Cancellation);

        Assert.False(rendered.Failed, rendered.Failure?.Message);
        var (probe, _) = await media.Get<MediaProbe>().ReadAsync(target, Cancellation);
        var format = OutputFormat.For(aspect, Quality.Preview);
        Assert.Equal((format.Width, format.Height), (probe!.Video!.Width, probe.Video.Height));
    }

    [Fact]
    public async Task Every_rate_in_one_segment_gives_the_exact_frame_count()
    {
        string[] rates = ["10", "24000/1001", "25", "2983/100", "30", "60"];
        Slice[] slices =
        [
            .. rates.Select((rate, index) => new Slice(media.Clip($"rate-{rate.Replace('/', '-')}.mp4", rate), $"{index}", 0.1 * index, 7 + (4 * index))),
            new(media.Variable(), "v", 1.3, 31),
        ];
        var folder = media.Fresh();
        var target = Path.Combine(folder, "s.mp4");

        var rendered = await _render.RenderAsync(Spec([.. slices]), folder, target, null, Cancellation);

        Assert.False(rendered.Failed, rendered.Failure?.Message);
        await EveryFrameStandsOnItsTimeAsync(target, slices.Sum(slice => slice.Frames));
    }

    [Theory]
    [InlineData("422", "320x240", "-pix_fmt yuv422p")]
    [InlineData("444-odd", "320x240", Odd)]
    [InlineData("10bit", "320x240", "-pix_fmt yuv420p10le")]
    [InlineData("hdr", "320x240", Hdr)]
    [InlineData("full-range", "320x240", "-pix_fmt yuvj420p")]
    [InlineData("interlaced", "320x240", Interlaced)]
    [InlineData("anamorphic", "320x240", "-vf setsar=3/2")]
    [InlineData("tiny", "8x8", "")]
    [InlineData("strip", "1920x64", "")]
    public async Task Odd_formats_come_out_as_every_other(string name, string size, string encoding)
    {
        var folder = media.Fresh();
        var target = Path.Combine(folder, "s.mp4");
        var clip = media.Clip($"render-{name}.mkv", size: size, encoding: encoding.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        var rendered = await _render.RenderAsync(Spec([new(clip, "odd", 0.5, 20)]), folder, target, null, Cancellation);

        Assert.False(rendered.Failed, rendered.Failure?.Message);
        Assert.True(SegmentRender.IsComplete(target, 20));
        var (probe, _) = await media.Get<MediaProbe>().ReadAsync(target, Cancellation);
        Assert.Equal(("h264", "yuv420p", 360, 640, 1.0), (probe!.Video!.CodecName, probe.Video.PixelFormat, probe.Video.Width, probe.Video.Height, probe.Video.PixelAspect));
    }

    /// <summary>A fixture that is ordinary after all would let the tests above pass for nothing.</summary>
    [Theory]
    [InlineData("render-interlaced.mkv", Interlaced, "frame=interlaced_frame", "1")]
    [InlineData("render-444-odd.mkv", Odd, "stream=width,height", "321,181")]
    [InlineData("render-hdr.mkv", Hdr, "stream=color_transfer", "smpte2084")]
    [InlineData("render-anamorphic.mkv", "-vf setsar=3/2", "stream=sample_aspect_ratio", "3:2")]
    public async Task The_odd_clips_are_what_they_claim(string name, string encoding, string entry, string expected) =>
        Assert.Equal([expected], (await ProbedAsync(media.Clip(name, encoding: encoding.Split(' ')), entry)).Select(line => line.TrimEnd(',')).Distinct());

    [Fact]
    public async Task A_rotated_clip_is_shown_upright()
    {
        var folder = media.Fresh();
        var target = Path.Combine(folder, "s.mp4");
        await _render.RenderAsync(Spec([new(await media.RotatedAsync(), "r", 0, 5)]), folder, target, null, Cancellation);

        var (top, bottom) = (await PixelAsync(target, 180, 100), await PixelAsync(target, 180, 540));
        Assert.True(top is { R: > 200, B: < 60 }, $"The upper half is {top}, not red.");
        Assert.True(bottom is { B: > 200, R: < 60 }, $"The lower half is {bottom}, not blue.");
    }

    /// <summary>A wide clip, red with blue ends, in a tall frame: what is above it, and whether its ends are seen.</summary>
    [Theory]
    [InlineData(FitMode.Crop, "red", "red")]
    [InlineData(FitMode.Blur, "dark red", "blue")]
    [InlineData(FitMode.Pad, "black", "blue")]
    public async Task A_fit_shows_of_a_clip_what_it_promises(FitMode fit, string above, string end)
    {
        var clip = media.Make("ends.mp4", "-f", "lavfi", "-i", "color=red:size=320x180:rate=30:duration=2,drawbox=w=40:color=blue:t=fill,drawbox=x=280:w=40:color=blue:t=fill", "-c:v", "libx264", "-preset", "ultrafast");
        var target = Path.Combine(media.Fresh(), "s.mp4");

        await _render.RenderAsync(Spec([new(clip, "ends", 0, 5)], fit), Path.GetDirectoryName(target)!, target, null, Cancellation);

        Assert.Equal(
            (above, end, "red", end),
            (Name(await PixelAsync(target, 180, 40)), Name(await PixelAsync(target, 8, 320)), Name(await PixelAsync(target, 180, 320)), Name(await PixelAsync(target, 350, 320))));
    }

    [Theory]
    [InlineData(CropPosition.Top, "blue", "red")]
    [InlineData(CropPosition.Center, "red", "red")]
    [InlineData(CropPosition.Bottom, "red", "blue")]
    public async Task A_tall_clip_is_cropped_where_it_was_asked(CropPosition crop, string top, string bottom)
    {
        var clip = media.Make("tall.mp4", "-f", "lavfi", "-i", "color=red:size=180x320:rate=30:duration=2,drawbox=h=30:color=blue:t=fill,drawbox=y=290:h=30:color=blue:t=fill", "-c:v", "libx264", "-preset", "ultrafast");
        var target = Path.Combine(media.Fresh(), "s.mp4");

        await _render.RenderAsync(Spec([new(clip, "tall", 0, 5)], FitMode.Crop, AspectRatio.Landscape16x9) with { Crop = crop }, Path.GetDirectoryName(target)!, target, null, Cancellation);

        Assert.Equal((top, "red", bottom), (Name(await PixelAsync(target, 320, 10)), Name(await PixelAsync(target, 320, 180)), Name(await PixelAsync(target, 320, 350))));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_failed_render_leaves_nothing_and_says_why(bool sound)
    {
        var folder = media.Fresh();
        var broken = Path.Combine(folder, "broken");
        await File.WriteAllBytesAsync(broken, sound ? await File.ReadAllBytesAsync(media.Tone("sound.mp4", 6), Cancellation) : "no video"u8.ToArray(), Cancellation);

        var rendered = await _render.RenderAsync(Spec([new(broken, "x", 0, 5)]), folder, Path.Combine(folder, "s.mp4"), null, Cancellation);

        Assert.Equal(FailureCodes.RenderFailed, rendered.Failure?.Code);
        Assert.Equal(["broken"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName));
    }

    internal static SegmentSpec Spec(ImmutableArray<Slice> slices, FitMode fit = FitMode.Crop, AspectRatio aspect = AspectRatio.Portrait9x16, string? captions = null) =>
        new(slices, OutputFormat.For(aspect, Quality.Preview), fit, CropPosition.Center, Quality.Preview, captions);

    private static string Captions(string text) =>
        $"[Script Info]\nScriptType: v4.00+\nPlayResX: 360\nPlayResY: 640\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize\nStyle: Default,DejaVu Sans,40\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\nDialogue: 0,0:00:00.00,0:00:05.00,Default,,0,0,0,,{text}\n";

    /// <summary>One pixel of the first frame; the mean of a few around it, for the encoder's sake.</summary>
    private async Task<(byte R, byte G, byte B)> PixelAsync(string video, int x, int y)
    {
        var pixel = Path.Combine(media.Fresh(), "pixel.rgb");
        MediaFixture.Ffmpeg("-i", video, "-frames:v", "1", "-vf", FormattableString.Invariant($"crop=4:4:{x}:{y},scale=1:1:flags=area"), "-pix_fmt", "rgb24", "-f", "rawvideo", pixel);
        var bytes = await File.ReadAllBytesAsync(pixel, Cancellation);
        return (bytes[0], bytes[1], bytes[2]);
    }

    private static string Name((byte R, byte G, byte B) pixel) => pixel switch
    {
        { R: > 245, G: < 20, B: < 20 } => "red",
        { R: > 100, G: < 60, B: < 90 } => "dark red",
        { B: > 220, R: < 40, G: < 40 } => "blue",
        { R: < 20, G: < 20, B: < 20 } => "black",
        _ => pixel.ToString(),
    };

    private static async Task EveryFrameStandsOnItsTimeAsync(string video, int frames)
    {
        var times = (await ProbedAsync(video, "frame=best_effort_timestamp_time")).Select(line => double.Parse(line.TrimEnd(','), CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(frames, times.Length);
        Assert.All(times.Select((time, index) => (time, index)), entry => Assert.Equal(entry.index / 30.0, entry.time, 4));
    }

    /// <summary>One line for each entry of the picture, as ffprobe prints it.</summary>
    private static async Task<string[]> ProbedAsync(string path, string entries)
    {
        using var probe = Process.Start(new ProcessStartInfo("ffprobe", ["-v", "error", "-select_streams", "v:0", "-show_entries", entries, "-of", "csv=p=0", path]) { RedirectStandardOutput = true })!;
        return (await probe.StandardOutput.ReadToEndAsync(Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}

/// <summary>Every fit with every aspect.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CombinatorialFitsAttribute : Xunit.v3.DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(System.Reflection.MethodInfo testMethod, Xunit.Sdk.DisposalTracker disposalTracker) => new(
        Enum.GetValues<FitMode>().SelectMany(fit => Enum.GetValues<AspectRatio>().Select(aspect => (ITheoryDataRow)new TheoryDataRow<FitMode, AspectRatio>(fit, aspect))).ToList());

    public override bool SupportsDiscoveryEnumeration() => true;
}
