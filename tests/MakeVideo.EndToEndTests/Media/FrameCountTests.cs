using MakeVideo.Media.Probing;

namespace MakeVideo.EndToEndTests.Media;

/// <summary>The count that is read from a file's index against what ffprobe finds in it.</summary>
public sealed class FrameCountTests(MediaFixture media)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("10", 3, "")]
    [InlineData("30000/1001", 2, "-movflags +faststart")]
    [InlineData("60", 5, "-bf 3 -preset medium")]
    [InlineData("1", 1, "")]
    public async Task It_agrees_with_ffprobe(string rate, double seconds, string encoding) =>
        await AgreesAsync(media.Clip($"count-{rate.Replace('/', '-')}.mp4", rate, seconds, encoding: Words(encoding)));

    [Fact]
    public async Task Sound_beside_the_picture_is_not_counted() => await AgreesAsync(
        media.Make("count-sound.mp4", "-i", media.Clip("plain.mp4"), "-f", "lavfi", "-i", "sine=duration=3", "-c:v", "copy", "-c:a", "aac"));

    [Theory]
    [InlineData("")]
    [InlineData("-movflags +faststart")]
    public async Task A_cut_of_any_kind_does_not_count(string options)
    {
        var whole = await File.ReadAllBytesAsync(media.Clip($"count-cut-{options.Length}.mp4", seconds: 1, encoding: Words(options)), Cancellation);
        var cut = Path.Combine(media.Fresh(), "cut.mp4");

        // Box edges, one byte off the end, thirds, and a stretch of odd steps.
        foreach (var length in new[] { 0, 1, 7, 8, 32, 40, 48, whole.Length / 3, whole.Length / 2, whole.Length - 1300, whole.Length - 8, whole.Length - 1 }.Concat(Enumerable.Range(1, 200).Select(step => step * whole.Length / 211)))
        {
            await File.WriteAllBytesAsync(cut, whole[..length], Cancellation);
            Assert.True(FrameCount.Of(cut) is null, $"{length} of {whole.Length} bytes count as a whole file.");
        }

        await File.WriteAllBytesAsync(cut, whole, Cancellation);
        Assert.Equal(30, FrameCount.Of(cut));
    }

    [Theory]
    [InlineData("fragments.mp4", "-movflags +frag_keyframe+empty_moov")]
    [InlineData("count.mkv", "")]
    [InlineData("count.ts", "")]
    public void What_a_segment_never_is_does_not_count(string name, string options) =>
        Assert.Null(FrameCount.Of(media.Clip(name, seconds: 1, encoding: Words(options))));

    private async Task AgreesAsync(string path)
    {
        var counted = FrameCount.Of(path);

        Assert.NotNull(counted);
        Assert.Equal((await media.Get<MediaProbe>().ScanAsync(path, "v:0", Cancellation)).Count, counted);
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
