using System.Globalization;
using System.Text.RegularExpressions;
using MakeVideo.EndToEndTests.Make;
using MakeVideo.EndToEndTests.Media;
using MakeVideo.EndToEndTests.Processes;

namespace MakeVideo.EndToEndTests.Gateway;

/// <summary>More than a server can do, sent at once.</summary>
public sealed partial class LimitTests(MediaFixture media)
{
    /// <summary>Jobs at work and in line; two cores make four at work.</summary>
    private const int Capacity = 8;

    [Fact]
    public async Task Ten_times_the_capacity_is_refused_in_good_order_in_flat_memory_and_taken_later()
    {
        var place = new Workplace(media);
        var ffmpeg = new StepFfmpeg(place.In("tools"));
        await using var server = await ServerProcess.StartAsync(
            place.In("data"), place.Library, ffmpeg.Folder,
            new Dictionary<string, string> { ["MAKEVIDEO_Limits__QueuedJobs"] = "4", ["MAKEVIDEO_Limits__Uploads"] = "4", ["MAKEVIDEO_Limits__UploadsOfOne"] = "4" });
        ffmpeg.Close(Step.Segment);
        var answers = await FloodAsync(server, place);

        // The first flood and a job at work warmed the process up, models included; what a second one leaves is what floods cost.
        await Eventually.HoldsAsync(() => ffmpeg.RunsOf(Step.Segment).Any(run => run.Alive), () => server.Log);
        var before = Memory(server);
        var again = await FloodAsync(server, place);
        var grown = Memory(server) - before;
        Assert.DoesNotContain(again, answer => answer.Status == 202);

        // Those that were looked at in the same moment, an upload slot each, may be in beside the last.
        Assert.InRange(answers.Count(answer => answer.Status == 202), 1, Capacity + 4);
        Assert.All(answers.Concat(again).Where(answer => answer.Status != 202), answer =>
        {
            Assert.True(answer is { Status: 503, Code: "queue_full" } or { Status: 429, Code: "too_many_uploads" } or { Status: 503, Code: "uploads_busy" }, $"{answer.Status} {answer.Text}");
            Assert.InRange(int.Parse(answer.Headers["retry-after"], CultureInfo.InvariantCulture), 1, 600);
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{answers.Count(answer => answer.Status == 202)} of {answers.Length} taken, memory {before >> 20} MB and {grown >> 20} more");
        Assert.InRange(grown, long.MinValue, 48L << 20);
        Assert.Equal(200, (await server.CurlAsync("/jobs")).Status);

        // Once there is work done, what was told comes true.
        var told = int.Parse((await SubmitAsync(server, place)).Headers["retry-after"], CultureInfo.InvariantCulture);
        ffmpeg.Open();
        await Eventually.HoldsAsync(async () => (await SubmitAsync(server, place)).Status == 202, () => server.Log, seconds: told + 10);
    }

    private static Task<Curled[]> FloodAsync(ServerProcess server, Workplace place) =>
        Task.WhenAll(Enumerable.Range(0, 10 * Capacity).Select(_ => SubmitAsync(server, place)));

    private static Task<Curled> SubmitAsync(ServerProcess server, Workplace place)
    {
        var script = place.In($"{Guid.NewGuid():N}.txt");
        File.WriteAllText(script, place.Words);
        return server.CurlAsync("/make-video", "-F", $"audio_file=@{place.Speech}", "-F", "query=city", "-F", "quality=preview", "-F", $"script=@{script}");
    }

    /// <summary>Bytes of memory that are its own now.</summary>
    private static long Memory(ServerProcess server) => long.Parse(Resident().Match(File.ReadAllText($"/proc/{server.Id}/status")).Groups[1].Value, CultureInfo.InvariantCulture) << 10;

    [GeneratedRegex(@"RssAnon:\s+(\d+) kB")]
    private static partial Regex Resident();
}
