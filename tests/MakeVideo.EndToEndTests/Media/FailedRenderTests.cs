using MakeVideo.Contracts;
using MakeVideo.Media;
using MakeVideo.Media.Rendering;
using Microsoft.Extensions.DependencyInjection;

namespace MakeVideo.EndToEndTests.Media;

/// <summary>What a render gives when ffmpeg, the disk or the target lets it down: a typed failure, no file, no litter.</summary>
public sealed class FailedRenderTests(MediaFixture media)
{
    private const int Frames = 45;

    private readonly SegmentSpec _spec = SegmentRenderTests.Spec([new(media.Clip("plain.mp4"), "sha", 0, Frames)]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Each leaves exit code 0 and something else than the segment; <c>$out</c> is where it should be.</summary>
    [Theory]
    [InlineData("nothing", "rm $out")]
    [InlineData("empty", ": > $out")]
    [InlineData("cut", "truncate -s -1 $out")]
    [InlineData("half", "truncate -s $(($(stat -c %s $out) / 2)) $out")]
    [InlineData("zeroed", "size=$(stat -c %s $out); truncate -s $((size / 2)) $out; truncate -s $size $out")]
    [InlineData("longer", "echo litter >> $out")]
    [InlineData("text", "echo no video > $out")]
    [InlineData("short", "ffmpeg -v error -nostdin -y -i $out -c copy -frames:v 30 $out.mp4; mv $out.mp4 $out")]
    public async Task A_success_that_is_none_is_refused(string kind, string then)
    {
        var failure = await FailsAsync($"ffmpeg \"$@\"\nfor out; do :; done\nout=${{out#file:}}\n{then}\nexit 0");

        Assert.Equal((FailureCodes.RenderFailed, true), (failure.Code, failure.Retryable));
        Assert.Contains(kind == "short" ? "with 30 frames instead of 45" : "damaged", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kill -SEGV $$", FailureCodes.RenderFailed, "crashed (signal 11)")]
    [InlineData("kill -KILL $$", FailureCodes.RenderOutOfMemory, "out of memory")]
    [InlineData("echo Conversion failed! >&2; exit 1", FailureCodes.RenderFailed, "Conversion failed!")]
    public async Task A_bad_end_is_told_as_what_it_is(string end, string code, string message)
    {
        var failure = await FailsAsync(end);

        Assert.Equal((code, true, JobStage.AssemblingVideo), (failure.Code, failure.Retryable, failure.Stage));
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_ffmpeg_is_a_missing_tool()
    {
        var folder = media.Fresh();

        var rendered = await RenderWith(Path.Combine(folder, "ffmpeg")).RenderAsync(_spec, folder, Path.Combine(folder, "segment.mp4"), null, Cancellation);

        Assert.Equal(FailureCodes.ToolMissing, rendered.Failure?.Code);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public async Task A_target_that_exists_already_is_replaced()
    {
        var folder = media.Fresh();
        var target = Path.Combine(folder, "segment.mp4");
        await File.WriteAllTextAsync(target, "of an attempt that was cut off", Cancellation);
        Assert.False(SegmentRender.IsComplete(target, Frames));

        var rendered = await media.Get<SegmentRender>().RenderAsync(_spec, folder, target, null, Cancellation);

        Assert.False(rendered.Failed, rendered.Failure?.Message);
        Assert.True(SegmentRender.IsComplete(target, Frames));
        Assert.Equal([target], Directory.GetFileSystemEntries(folder));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_000_000)]
    public async Task A_full_disk_is_told_and_keeps_no_partial_file(int captionLength)
    {
        // Full in the middle of the encode, or before it, when the captions are written.
        using var disk = new SmallDisk(media.Fresh(), kilobytes: 64);

        var rendered = await media.Get<SegmentRender>().RenderAsync(
            _spec with { Captions = captionLength > 0 ? new string(';', captionLength) : null }, disk.Folder, Path.Combine(disk.Folder, "segment.mp4"), null, Cancellation);

        Assert.Equal((FailureCodes.DiskFull, true), (rendered.Failure?.Code, rendered.Failure?.Retryable));
        Assert.Empty(Directory.GetFileSystemEntries(disk.Folder));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_read_only_disk_is_told(bool attemptToo)
    {
        using var disk = new SmallDisk(media.Fresh(), kilobytes: 64);
        disk.MakeReadOnly();
        var attempt = attemptToo ? disk.Folder : media.Fresh();

        var rendered = await media.Get<SegmentRender>().RenderAsync(_spec, attempt, Path.Combine(disk.Folder, "segment.mp4"), null, Cancellation);

        Assert.Equal((FailureCodes.OutputNotWritable, true), (rendered.Failure?.Code, rendered.Failure?.Retryable));
        Assert.Empty(Directory.GetFileSystemEntries(attempt));
    }

    [Fact]
    public async Task A_render_that_is_stopped_leaves_nothing()
    {
        var folder = media.Fresh();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var stub = new Script(media.Fresh(), "echo $$ > ../child; echo frame=1; exec sleep 1000", name: "ffmpeg");
        var render = RenderWith(Path.Combine(stub.Folder, "ffmpeg")).RenderAsync(_spec, folder, Path.Combine(folder, "segment.mp4"), null, stop.Token);
        var child = await Script.PidAsync(folder, "child");

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => render);
        await Script.DiesAsync(child);
        Assert.Equal(["child"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName));
    }

    private async Task<JobFailure> FailsAsync(string ffmpeg)
    {
        var folder = media.Fresh();
        var stub = new Script(media.Fresh(), ffmpeg, name: "ffmpeg");

        var rendered = await RenderWith(Path.Combine(stub.Folder, "ffmpeg")).RenderAsync(_spec, folder, Path.Combine(folder, "segment.mp4"), null, Cancellation);

        Assert.Empty(Directory.GetFileSystemEntries(folder));
        Assert.True(rendered.Failed);
        Assert.DoesNotContain('\n', rendered.Failure.Message);
        return rendered.Failure;
    }

    private static SegmentRender RenderWith(string ffmpeg) =>
        new ServiceCollection().AddSingleton(new MediaOptions { Ffmpeg = ffmpeg }).AddMedia().AddLogging().BuildServiceProvider().GetRequiredService<SegmentRender>();
}
