using MakeVideo.Contracts;
using MakeVideo.Media.Audio;
using MakeVideo.Media.Probing;

namespace MakeVideo.EndToEndTests.Media;

public sealed class MediaProbeTests(MediaFixture media)
{
    private readonly MediaProbe _probe = media.Get<MediaProbe>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("10")]
    [InlineData("25")]
    [InlineData("2983/100")]
    [InlineData("30000/1001")]
    [InlineData("60")]
    public async Task A_clip_of_any_rate_is_measured_by_its_packets(string rate)
    {
        var facts = (await _probe.ProbeClipAsync(media.Clip($"rate-{rate.Replace('/', '-')}.mp4", rate), Cancellation)).Value!;

        Assert.Equal((320, 240), (facts.Width, facts.Height));
        Assert.InRange(facts.Duration, 2.95, 3.1);
    }

    [Fact]
    public async Task A_rotated_clip_is_measured_upright() =>
        Assert.Equal((240, 320), (await _probe.ProbeClipAsync(await media.RotatedAsync(), Cancellation)).Value is { } facts ? (facts.Width, facts.Height) : default);

    [Theory]
    [InlineData("yuv422p", "yuv422p")]
    [InlineData("yuv420p10le", "yuv420p10le")]
    public async Task An_odd_pixel_format_is_taken(string format, string expected) =>
        Assert.Equal(expected, (await _probe.ProbeClipAsync(media.Clip($"{format}.mp4", encoding: ["-pix_fmt", format]), Cancellation)).Value!.PixelFormat);

    [Theory]
    [InlineData("odd", SegmentRenderTests.Odd, 321, 181)]
    [InlineData("hdr", SegmentRenderTests.Hdr, 320, 240)]
    [InlineData("interlaced", SegmentRenderTests.Interlaced, 320, 240)]
    [InlineData("anamorphic", "-vf setsar=3/2", 480, 240)]
    public async Task An_odd_clip_is_measured_as_it_is_shown(string name, string encoding, int width, int height)
    {
        var facts = (await _probe.ProbeClipAsync(media.Clip($"probe-{name}.mkv", encoding: encoding.Split(' ')), Cancellation)).Value!;

        Assert.Equal((width, height), (facts.Width, facts.Height));
        Assert.InRange(facts.Duration, 2.9, 3.1);
    }

    [Fact]
    public async Task A_variable_rate_is_taken()
    {
        var facts = (await _probe.ProbeClipAsync(media.Variable(), Cancellation)).Value!;

        Assert.InRange(facts.Duration, 3.9, 4.1);
        Assert.InRange(facts.FramesPerSecond, 19, 21);
    }

    [Fact]
    public async Task A_truncated_clip_is_as_long_as_what_is_left_of_it()
    {
        var whole = media.Make("whole.mp4", "-f", "lavfi", "-i", "testsrc2=size=320x240:rate=30:duration=6", "-c:v", "libx264", "-preset", "ultrafast", "-movflags", "+faststart");
        var cut = Path.Combine(media.Fresh(), "cut.mp4");
        await File.WriteAllBytesAsync(cut, (await File.ReadAllBytesAsync(whole, Cancellation))[..^(int)(new FileInfo(whole).Length / 2)], Cancellation);

        var probed = await _probe.ProbeClipAsync(cut, Cancellation);

        Assert.InRange(probed.Value!.Duration, 1, 5);
    }

    [Theory]
    [InlineData("tiny", FailureCodes.ClipTooSmall)]
    [InlineData("blink", FailureCodes.ClipTooShort)]
    [InlineData("sound", FailureCodes.ClipNoVideo)]
    [InlineData("empty", FailureCodes.ClipEmpty)]
    [InlineData("absent", FailureCodes.ClipMissing)]
    [InlineData("noise", FailureCodes.ClipUnreadable)]
    [InlineData("image", FailureCodes.ClipUnreadable)]
    [InlineData("playlist", FailureCodes.ClipUnreadable)]
    [InlineData("concat", FailureCodes.ClipUnreadable)]
    public async Task A_file_that_is_no_clip_is_rejected_by_its_reason(string kind, string code)
    {
        var path = kind switch
        {
            "tiny" => media.Clip("tiny.mp4", size: "8x8"),
            "blink" => media.Clip("blink.mp4", seconds: 0.2),
            "sound" => media.Tone("sound.mp4", 6),
            _ => Path.Combine(media.Fresh(), "clip.mp4"),
        };
        switch (kind)
        {
            case "empty":
                await File.WriteAllBytesAsync(path, [], Cancellation);
                break;
            case "noise":
                var noise = new byte[100_000];
                new Random(1).NextBytes(noise);
                await File.WriteAllBytesAsync(path, noise, Cancellation);
                break;
            case "image":
                MediaFixture.Ffmpeg("-f", "lavfi", "-i", "color=red:size=320x240", "-frames:v", "1", "-f", "image2", "-c:v", "png", path);
                break;
            case "playlist":
                await File.WriteAllTextAsync(path, $"#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n{media.Clip("plain.mp4")}\n#EXT-X-ENDLIST\n", Cancellation);
                break;
            case "concat":
                await File.WriteAllTextAsync(path, $"ffconcat version 1.0\nfile {media.Clip("plain.mp4")}\n", Cancellation);
                break;
        }

        var probed = await _probe.ProbeClipAsync(path, Cancellation);

        Assert.Equal(code, probed.Failure?.Code);
        Assert.DoesNotContain('\n', probed.Failure!.Message);
    }

    [Theory]
    [InlineData("mp3")]
    [InlineData("wav")]
    [InlineData("m4a")]
    [InlineData("ogg")]
    [InlineData("aac")]
    [InlineData("flac")]
    public async Task Every_audio_format_is_read_by_content(string extension)
    {
        var named = media.Tone($"tone.{extension}", 6);
        var path = Path.Combine(media.Fresh(), "audio");
        File.Copy(named, path);

        Assert.InRange((await _probe.ProbeAudioAsync(path, Cancellation)).Value!.Duration, 5.9, 6.2);
    }

    [Fact]
    public async Task Audio_outside_its_limits_is_refused()
    {
        Assert.Equal(FailureCodes.AudioTooShort, (await _probe.ProbeAudioAsync(media.Tone("short.wav", 4.9), Cancellation)).Failure?.Code);
        Assert.Equal(FailureCodes.AudioNoStream, (await _probe.ProbeAudioAsync(media.Clip("plain.mp4"), Cancellation)).Failure?.Code);
        var tooLong = media.Make("long.aac", "-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono:d=3605", "-b:a", "8k");
        Assert.Equal(FailureCodes.AudioTooLong, (await _probe.ProbeAudioAsync(tooLong, Cancellation)).Failure?.Code);
    }

    [Fact]
    public async Task Silence_is_heard_as_silence_and_speech_as_sound()
    {
        var decode = media.Get<AudioDecode>();
        var silent = media.Make("silent.wav", "-f", "lavfi", "-i", "anullsrc=r=44100:cl=stereo:d=6");

        Assert.Equal(FailureCodes.AudioSilent, (await decode.HearAsync(silent, Cancellation)).Failure?.Code);
        Assert.True((await decode.HearAsync(media.Tone("heard.mp3", 6), Cancellation)).Value);
    }

    [Fact]
    public async Task A_decode_is_exact_to_the_sample_and_knows_the_loudness()
    {
        var wave = Path.Combine(media.Fresh(), "speech.wav");

        var decoded = (await media.Get<AudioDecode>().DecodeAsync(media.Tone("exact.wav", 6), wave, null, Cancellation)).Value!;

        Assert.InRange(decoded.Samples, 96_000 - 1, 96_000 + 1);
        Assert.Equal(44 + (2 * decoded.Samples), new FileInfo(wave).Length);
        // ffmpeg's sine is -18 dBFS peak; EBU R 128 reads a mono sine of that level near -21 LUFS.
        Assert.InRange(decoded.PeakDbfs, -19, -17);
        Assert.InRange(decoded.IntegratedLoudness, -24, -18);
    }
}
