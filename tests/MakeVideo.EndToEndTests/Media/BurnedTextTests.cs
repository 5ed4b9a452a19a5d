using MakeVideo.Contracts;
using MakeVideo.EndToEndTests.Transcription;
using MakeVideo.Media.BurnedText;
using MakeVideo.Media.Probing;

namespace MakeVideo.EndToEndTests.Media;

public sealed class BurnedTextTests(MediaFixture media, SpeechModels models)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Subtitles_are_found_and_shown_before_the_whole_clip_is_looked_at()
    {
        var (finding, picture) = await LookAsync(BurnedClips.Subtitled(media));

        Assert.True(finding.Score >= 0.6, $"{finding.Score}");
        Assert.True(finding.EndedEarly);
        Assert.InRange(finding.Frames, 6, 17);
        Assert.All(finding.Boxes, box => Assert.InRange(box.Y, 0.8, 0.95));
        Assert.True(finding.Pictured);
        var png = await File.ReadAllBytesAsync(picture, Cancellation);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], png[..4]);
        Assert.Equal("320x416", await SizeAsync(picture));
    }

    [Fact]
    public async Task Single_words_are_found() => Assert.True((await LookAsync(BurnedClips.SingleWords(media))).Finding.Score >= 0.6);

    [Fact]
    public async Task A_logo_is_no_reason_to_reject() => Assert.InRange((await LookAsync(BurnedClips.Logo(media))).Finding.Score, 0, 0.3);

    [Fact]
    public async Task A_clock_is_no_reason_to_reject() => Assert.InRange((await LookAsync(BurnedClips.Clock(media))).Finding.Score, 0, 0.4);

    [Fact]
    public async Task A_sign_that_passes_is_no_reason_to_reject() => Assert.InRange((await LookAsync(BurnedClips.PassingSign(media))).Finding.Score, 0, 0.4);

    [Fact]
    public async Task A_picture_without_text_has_none_and_leaves_no_file()
    {
        var (finding, picture) = await LookAsync(BurnedClips.Plain(media));

        Assert.InRange(finding.Score, 0, 0.1);
        Assert.InRange(finding.Frames, 17, 19);
        Assert.False(finding.EndedEarly);
        Assert.Equal(finding.Pictured, File.Exists(picture));
    }

    [Fact]
    public async Task The_generators_of_other_tests_are_no_captions()
    {
        foreach (var (size, rate) in new[] { ("320x240", "24"), ("320x240", "25"), ("320x240", "30"), ("320x240", "60"), ("640x360", "30"), ("1080x1080", "30") })
        {
            var (finding, _) = await LookAsync(media.Clip($"burned-test-{size}-{rate}.mp4", rate, seconds: 4, size: size));
            Assert.True(finding.Score < 0.4, $"{size}, {rate}/s: {finding.Score}");
        }
    }

    [Fact]
    public async Task Without_its_model_a_clip_is_not_judged()
    {
        using var detector = new TextDetector(new() { ModelFolder = media.Fresh() });

        var looked = await new BurnedTextCheck(media.Runner, new(), new(), detector).LookAsync(BurnedClips.Plain(media), new(480, 640, 6, 15, "h264", "yuv420p"), "no.png", media.Fresh(), null, Cancellation);

        Assert.Equal((FailureCodes.ModelMissing, true), (looked.Failure!.Code, looked.Failure.Retryable));
    }

    [Fact]
    public async Task A_search_that_is_stopped_leaves_no_child_and_no_frames()
    {
        using var detector = Detector(out var options);
        var work = media.Fresh();
        using var stop = new CancellationTokenSource();
        var clip = media.Clip("burned-long.mp4", seconds: 60);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new BurnedTextCheck(media.Runner, new(), options, detector).LookAsync(
            clip, new(320, 240, 60, 30, "h264", "yuv420p"), Path.Combine(work, "x.png"), work, new Stopping(stop), stop.Token));

        Assert.Empty(Directory.GetFileSystemEntries(work));
    }

    private async Task<(TextFinding Finding, string Picture)> LookAsync(string clip)
    {
        using var detector = Detector(out var options);
        var facts = await media.Get<MediaProbe>().ProbeClipAsync(clip, Cancellation);
        var work = media.Fresh();
        var picture = Path.Combine(work, "picture.png");
        var looked = await new BurnedTextCheck(media.Runner, new(), options, detector).LookAsync(clip, facts.Value!, picture, Path.Combine(work, "scratch"), null, Cancellation);
        Assert.False(looked.Failed, looked.Failure?.Message);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(work, "scratch")));
        return (looked.Value, picture);
    }

    private TextDetector Detector(out BurnedTextOptions options)
    {
        var missing = models.Files.Check().FirstOrDefault(check => check is { Name: TextDetector.ModelFile, Ok: false });
        Assert.SkipWhen(missing is not null, $"{missing?.Name} {missing?.Detail}: {missing?.Remedy}");
        options = new() { ModelFolder = Path.GetDirectoryName(models.Files.Locate(TextDetector.ModelFile))! };
        return new TextDetector(options);
    }

    private async Task<string> SizeAsync(string picture)
    {
        var text = "";
        await media.Runner.RunAsync(
            new() { Program = "ffprobe", Arguments = ["-v", "error", "-show_entries", "stream=width,height", "-of", "csv=p=0:s=x", picture], Folder = media.Folder, Step = "test", Line = line => text += line },
            Cancellation);
        return text;
    }

    private sealed class Stopping(CancellationTokenSource stop) : IProgress<double>
    {
        public void Report(double value) => stop.Cancel();
    }
}
