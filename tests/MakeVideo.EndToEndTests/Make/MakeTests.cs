using System.Text.Json;
using System.Text.RegularExpressions;
using MakeVideo.EndToEndTests.Media;
using MakeVideo.EndToEndTests.Processes;
using MakeVideo.Media.Probing;

namespace MakeVideo.EndToEndTests.Make;

public sealed partial class MakeTests(MediaFixture media)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Real_speech_and_real_clips_make_the_video_word_for_word()
    {
        var real = RealMedia();
        var place = new Workplace(media);
        string[] command = ["--audio", Path.Combine(real, "speech-jfk-11s.flac"), "--query", "book", "--any-clip", "--library", Path.Combine(real, "clips")];

        await using var made = await place.MakeAsync(command);
        Assert.True(made.ExitCode == 0, made.Output + made.Errors);
        await using var again = await place.MakeAsync([.. command, "--data", place.In("other"), "--out", place.In("again.mp4")]);

        Assert.Equal(
            "and so my fellow americans ask not what your country can do for you ask what you can do for your country",
            Plain(await File.ReadAllTextAsync(place.In("video.srt"), Cancellation)));
        Assert.Equal(place.Video(), place.Video("again.mp4"));
        await IsVideoAsync(place.In("video.mp4"), 360);
    }

    [Fact]
    public async Task A_script_gives_the_words_and_a_seed_another_choice()
    {
        var place = new Workplace(media);
        await File.WriteAllTextAsync(place.In("words.txt"), Workplace.Sentence, Cancellation);

        await using var made = await place.MakeAsync("--script", place.In("words.txt"), "--style", "dynamic", "--language", "en");
        Assert.True(made.ExitCode == 0, made.Output + made.Errors);
        var others = new List<byte[]>();
        foreach (var seed in new[] { "2", "3", "4" })
        {
            await using var other = await place.MakeAsync("--script", place.In("words.txt"), "--style", "dynamic", "--language", "en", "--seed", seed, "--out", place.In($"{seed}.mp4"));
            others.Add(place.Video($"{seed}.mp4"));
        }

        Assert.Equal(Plain(Workplace.Sentence), Plain(await File.ReadAllTextAsync(place.In("video.srt"), Cancellation)));
        // Three clips have six orders: some of these seeds choose another.
        Assert.Contains(others, other => !other.SequenceEqual(place.Video()));
    }

    [Fact]
    public async Task A_killed_render_goes_on_from_its_finished_segments_to_the_same_bytes()
    {
        var place = new Workplace(media);
        await using var undisturbed = await place.MakeAsync("--data", place.In("undisturbed"), "--out", place.In("undisturbed.mp4"));
        Assert.True(undisturbed.ExitCode == 0, undisturbed.Output + undisturbed.Errors);
        var segments = Directory.GetFiles(place.In("undisturbed/segments")).Length;
        Assert.True(segments >= 2, $"Only {segments} segments.");

        var gate = new GatedFfmpeg(place.In("gate"), free: 1);
        await using (var killed = MakeVideoProcess.Start(place.Folder, place.Command(), gate.Folder))
        {
            await Eventually.HoldsAsync(() => Finished(place) == 1, () => $"No segment was finished.\n{killed.Output}{killed.Errors}");
            await killed.KillAsync();
        }

        var before = gate.Runs;
        gate.Open();
        await using var resumed = await MakeVideoProcess.RunAsync(place.Folder, place.Command(), gate.Folder);

        Assert.True(resumed.ExitCode == 0, resumed.Output + resumed.Errors);
        Assert.Contains("goes on where it stood", resumed.Output, StringComparison.Ordinal);
        Assert.Contains($"{segments - 1} rendered, 1 reused", resumed.Output, StringComparison.Ordinal);
        Assert.Equal(segments - 1, gate.Runs - before);
        Assert.Equal(place.Video("undisturbed.mp4"), place.Video());
        Assert.Empty(Directory.GetDirectories(place.In("data/work")));
    }

    [Fact]
    public async Task An_interrupt_stops_cleanly_and_says_how_to_go_on()
    {
        var place = new Workplace(media);
        var gate = new GatedFfmpeg(place.In("gate"), free: 1);
        await using var stopped = MakeVideoProcess.Start(place.Folder, place.Command(), gate.Folder);
        await Eventually.HoldsAsync(() => Finished(place) == 1 && gate.Runs > 1, () => $"No segment was finished.\n{stopped.Output}{stopped.Errors}");

        stopped.Signal("INT");
        Assert.Equal(130, await stopped.EndAsync());
        var resume = ResumeCommand().Match(stopped.Errors);
        Assert.True(resume.Success, stopped.Errors);
        gate.Open();
        await using var resumed = await MakeVideoProcess.RunAsync(
            place.Folder, ["make", "--resume", resume.Groups[1].Value, "--data", place.In("data"), "--out", place.In("video.mp4")], gate.Folder);

        Assert.True(resumed.ExitCode == 0, resumed.Output + resumed.Errors);
        Assert.Contains("1 reused", resumed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_events_tell_the_whole_story()
    {
        var place = new Workplace(media);

        await using var made = await place.MakeAsync("--json");

        Assert.True(made.ExitCode == 0, made.Output + made.Errors);
        var events = made.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal("started", events[0].GetProperty("event").GetString());
        Assert.Equal("completed", events[^1].GetProperty("event").GetString());
        Assert.Equal(7, events.Count(one => one.GetProperty("event").GetString() == "stage" && one.GetProperty("status").GetString() == "completed"));
        var progress = events.Where(one => one.GetProperty("event").GetString() == "progress").Select(one => one.GetProperty("progress").GetDouble()).ToList();
        Assert.Equal(progress.Order(), progress);
        Assert.Equal(100, progress[^1]);
    }

    [Fact]
    public async Task Broken_and_odd_clips_cost_only_themselves()
    {
        var place = new Workplace(media);
        await File.WriteAllBytesAsync(Path.Combine(place.Library, "city-empty.mp4"), [], Cancellation);
        await File.WriteAllTextAsync(Path.Combine(place.Library, "city-text.mp4"), "not a clip", Cancellation);
        File.Copy(media.Clip("tiny.mp4", size: "8x8"), Path.Combine(place.Library, "city-tiny.mp4"));
        File.Copy(media.Tone("sound.mp4", 6), Path.Combine(place.Library, "city-sound.mp4"));
        var whole = await File.ReadAllBytesAsync(Path.Combine(place.Library, "city-night.mp4"), Cancellation);
        await File.WriteAllBytesAsync(Path.Combine(place.Library, "city-cut.mp4"), whole[..(whole.Length / 2)], Cancellation);

        await using var made = await place.MakeAsync();

        Assert.True(made.ExitCode == 0, made.Output + made.Errors);
        Assert.Contains("city empty: rejected", made.Output.Replace('-', ' '), StringComparison.Ordinal);
        Assert.Contains("looped_seconds", made.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Odd_clips_are_used_like_any_other_to_the_exact_length()
    {
        var place = new Workplace(media);
        string[] odd =
        [
            media.Clip("odd-slow.mp4", "10", 2),
            media.Clip("odd-422.mkv", "2983/100", 2, encoding: ["-pix_fmt", "yuv422p"]),
            media.Make("odd-variable.mkv", "-f", "lavfi", "-i", "testsrc2=size=320x240:rate=30:duration=2", "-vf", "select='not(mod(n,3))+gt(t,1)'", "-fps_mode", "vfr", "-c:v", "libx264", "-preset", "ultrafast"),
            await media.RotatedAsync(),
        ];
        foreach (var clip in odd)
        {
            File.Copy(clip, Path.Combine(place.Library, $"curious-{Path.GetFileName(clip)}"));
        }

        await using var made = await place.MakeAsync("--query", "curious");

        Assert.True(made.ExitCode == 0, made.Output + made.Errors);
        Assert.Contains(", 4 clips,", made.Output, StringComparison.Ordinal);
        Assert.Contains("clips_rejected 0", made.Output, StringComparison.Ordinal);
        await IsVideoAsync(place.In("video.mp4"), int.Parse(TargetFrames().Match(made.Output).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("audio_missing", 2, "--audio", "nowhere.wav")]
    [InlineData("audio_empty", 2, "--audio", "empty.mp3")]
    [InlineData("audio_unreadable", 2, "--audio", "image.mp3")]
    [InlineData("audio_unreadable", 2, "--audio", "noise.mp3")]
    [InlineData("audio_silent", 2, "--audio", "silent.wav")]
    [InlineData("audio_too_short", 2, "--audio", "short.wav")]
    [InlineData("audio_too_long", 2, "--audio", "long.aac")]
    [InlineData("aspect_ratio_unknown", 2, "--aspect", "3:7")]
    [InlineData("subtitle_style_unknown", 2, "--style", "loud")]
    [InlineData("quality_unknown", 2, "--quality", "best")]
    [InlineData("option_unknown", 2, "--fit", "stretch")]
    [InlineData("invalid_request", 2, "--colour", "red")]
    [InlineData("audio_no_audio_stream", 2, "--audio", "library/city-night.mp4")]
    [InlineData("audio_unreadable", 2, "--audio", "photo.mp3")]
    [InlineData("language_unsupported", 2, "--language", "pt")]
    [InlineData("query_invalid", 2, "--query", "ab")]
    [InlineData("output_not_writable", 2, "--out", "/nowhere/video.mp4")]
    [InlineData("output_not_writable", 2, "--out", "/proc/video.mp4")]
    [InlineData("output_not_writable", 3, "--data", "/proc/data")]
    [InlineData("library_missing", 2, "--library", "nowhere")]
    [InlineData("library_empty", 1, "--library", "hollow")]
    [InlineData("no_usable_clip", 1, "--library", "broken")]
    [InlineData("no_clip_matches", 1, "--query", "submarine")]
    [InlineData("footage_too_short", 1, "--short-footage", "fail", "--query", "harbour")]
    public async Task Bad_input_is_one_line_with_a_code_and_leaves_nothing(string code, int exit, params string[] options)
    {
        var place = new Workplace(media);
        await File.WriteAllBytesAsync(place.In("empty.mp3"), [], Cancellation);
        await File.WriteAllBytesAsync(place.In("noise.mp3"), [.. Enumerable.Range(0, 50_000).Select(i => (byte)(i * 7919 >> 3))], Cancellation);
        MediaFixture.Ffmpeg("-f", "lavfi", "-i", "color=red:size=320x240", "-frames:v", "1", "-f", "image2", "-c:v", "png", place.In("image.mp3"));
        MediaFixture.Ffmpeg("-f", "lavfi", "-i", "color=red:size=320x240", "-frames:v", "1", "-f", "image2", "-c:v", "mjpeg", place.In("photo.mp3"));
        File.Copy(media.Make("silent.wav", "-f", "lavfi", "-i", "anullsrc=r=44100:cl=stereo:d=6"), place.In("silent.wav"));
        File.Copy(media.Tone("short.wav", 4.9), place.In("short.wav"));
        File.Copy(media.Make("long.aac", "-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono:d=3605", "-b:a", "8k"), place.In("long.aac"));
        Directory.CreateDirectory(place.In("hollow"));
        Directory.CreateDirectory(place.In("broken"));
        await File.WriteAllTextAsync(place.In("broken/city.mp4"), "no", Cancellation);

        await using var made = await place.MakeAsync(options);

        Assert.Equal(exit, made.ExitCode);
        var line = Assert.Single(made.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith($"error[{code}]: ", line, StringComparison.Ordinal);
        Assert.False(File.Exists(place.In("video.mp4")), "A video was left.");
        Assert.Empty(Directory.Exists(place.In("data")) ? Directory.GetFiles(place.In("data"), "*.part", SearchOption.AllDirectories) : []);
        Assert.Empty(Directory.Exists(place.In("data/work")) ? Directory.GetFiles(place.In("data/work"), "*", SearchOption.AllDirectories) : []);
    }

    private static int Finished(Workplace place) => Directory.Exists(place.In("data/segments")) ? Directory.GetFiles(place.In("data/segments"), "*.mp4").Length : 0;

    private async Task IsVideoAsync(string path, int frames)
    {
        var probe = media.Get<MediaProbe>();
        var (streams, _) = await probe.ReadAsync(path, Cancellation);
        Assert.Equal(["h264", "aac"], streams!.Streams!.Select(stream => stream.CodecName));
        Assert.Equal(frames, (await probe.ScanAsync(path, "v:0", Cancellation)).Count);
        Assert.InRange((await probe.ScanAsync(path, "a:0", Cancellation)).Duration, (frames / 30.0) - (1 / 30.0), (frames / 30.0) + (1 / 30.0));
    }

    private static string RealMedia()
    {
        var folder = Environment.GetEnvironmentVariable("MAKEVIDEO_MEDIA");
        Assert.SkipWhen(string.IsNullOrEmpty(folder) || !Directory.Exists(folder), "MAKEVIDEO_MEDIA names no folder of real speech and clips.");
        return folder!;
    }

    /// <summary>Spoken words only, lower case: without numbers and times of SRT.</summary>
    private static string Plain(string text) =>
        string.Join(' ', Letters().Matches(SrtLines().Replace(text.ReplaceLineEndings("\n"), " ").ToLowerInvariant()).Select(word => word.Value));

    [GeneratedRegex(@"^\d+\n\d\d:.*-->.*$", RegexOptions.Multiline)]
    private static partial Regex SrtLines();

    [GeneratedRegex("[a-z']+")]
    private static partial Regex Letters();

    [GeneratedRegex("target_frames ([0-9]+)")]
    private static partial Regex TargetFrames();

    [GeneratedRegex("--resume ([0-9A-Za-z]{22}) ")]
    private static partial Regex ResumeCommand();
}
