using System.Diagnostics;
using MakeVideo.EndToEndTests.Make;
using MakeVideo.EndToEndTests.Media;
using MakeVideo.EndToEndTests.Processes;

namespace MakeVideo.EndToEndTests.Cluster;

/// <summary>The gateway dies while somebody sends or fetches, or waits in vain for a silo's answer.</summary>
[Collection(ClusterCollection.Name)]
public sealed class GatewayFaultTests(SharedCluster shared, MediaFixture media)
{
    [Fact]
    public async Task An_upload_that_a_dying_gateway_cut_leaves_no_job()
    {
        var cluster = await shared.WholeAsync();
        var before = (await cluster.Gateway.Http.RunAsync("/jobs?limit=500")).Json!.AsArray().Count;
        var uploads = Path.Combine(cluster.Data, "uploads");
        var known = Uploads();
        using var sender = Process.Start("curl", ["--silent", "--limit-rate", "100k", "--output", "/dev/null", "-F", $"audio_file=@{cluster.Place.Speech}", "-F", "query=city", $"{cluster.Gateway.Http.Address}/make-video"]);
        await Eventually.HoldsAsync(() => Uploads() > known, () => cluster.Log);

        await cluster.Gateway.KillAsync();
        await sender.WaitForExitAsync(TestContext.Current.CancellationToken);
        await cluster.RestartGatewayAsync();

        Assert.NotEqual(0, sender.ExitCode);
        Assert.Equal(before, (await cluster.Gateway.Http.RunAsync("/jobs?limit=500")).Json!.AsArray().Count);
        await cluster.IsDoneOnceAsync(await cluster.SubmitAsync(cluster.FreshScript()));

        int Uploads() => Directory.Exists(uploads) ? Directory.GetDirectories(uploads).Length : 0;
    }

    [Fact]
    public async Task A_job_goes_on_without_its_gateway_and_a_cut_download_is_resumed_by_range()
    {
        var undisturbed = await shared.UndisturbedAsync();
        var cluster = await shared.WholeAsync();
        cluster.Ffmpeg.Close(Step.Segment, after: 1);
        var id = await cluster.SubmitAsync(cluster.FreshScript());
        await Eventually.HoldsAsync(() => cluster.Ffmpeg.RunsOf(Step.Segment).Count > 1, () => cluster.Log);
        await cluster.Gateway.KillAsync();
        cluster.Ffmpeg.Open();
        await Eventually.HoldsAsync(async () => (await cluster.EventsAsync(id)).Contains("completed"), () => cluster.Log);
        await cluster.RestartGatewayAsync();

        Assert.Equal(undisturbed, await cluster.VideoAsync(id));

        // Longer than what the sockets between the two hold: else the cut would come after the last byte.
        var video = Directory.GetFiles(Path.Combine(cluster.Data, "videos", id), "*.mp4").Single();
        await using (var longer = new FileStream(video, FileMode.Append))
        {
            await longer.WriteAsync(new byte[64 << 20], TestContext.Current.CancellationToken);
        }

        var file = cluster.Place.In("part.mp4");
        using (var fetch = Process.Start("curl", ["--silent", "--limit-rate", "4M", "--output", file, $"{cluster.Gateway.Http.Address}/download/{id}"]))
        {
            await Eventually.HoldsAsync(() => File.Exists(file) && new FileInfo(file).Length > 0, () => cluster.Log);
            await cluster.Gateway.KillAsync();
            await fetch.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.NotEqual(0, fetch.ExitCode);
        }

        Assert.InRange(new FileInfo(file).Length, 1, new FileInfo(video).Length - 1);
        await cluster.RestartGatewayAsync();
        using var resume = Process.Start("curl", ["--silent", "--continue-at", "-", "--output", file, $"{cluster.Gateway.Http.Address}/download/{id}"]);
        await resume.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, resume.ExitCode);
        Assert.Equal(await File.ReadAllBytesAsync(video, TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_call_whose_answer_is_lost_may_be_made_again()
    {
        await using var cluster = await ProcessCluster.StartAsync(new Workplace(media), silos: 1);
        var silo = cluster.Silos.Single();
        cluster.Ffmpeg.Close(Step.Segment);
        var id = await cluster.SubmitAsync(cluster.FreshScript());
        await Eventually.HoldsAsync(() => cluster.Ffmpeg.RunsOf(Step.Segment).Any(run => run.Alive), () => cluster.Log);

        // Alone, nobody takes it for dead: the gateway waits until its own patience ends, and cannot know what became of the call.
        silo.Signal("STOP");
        var lost = await cluster.Gateway.Http.RunAsync($"/jobs/{id}/cancel", "-X", "POST", "--max-time", "60");
        silo.Signal("CONT");
        Assert.True(lost is { Status: 503, Code: "store_unavailable" or "cluster_unavailable" } && lost.Headers.ContainsKey("retry-after"), $"{lost.Status} {lost.Text}");
        await cluster.AnswersAsync();

        var again = await cluster.Gateway.Http.RunAsync($"/jobs/{id}/cancel", "-X", "POST", "--max-time", "60");
        Assert.True(again.Status is 200 or 409, $"{again.Status} {again.Text}");
        Assert.Equal("cancelled", (string?)(await cluster.JobAsync(id))["status"]);
        await Eventually.HoldsAsync(() => !cluster.Ffmpeg.Runs.Any(run => run.Alive), () => "An ffmpeg outlived its job.", seconds: 5);
        Assert.Single(await cluster.EventsAsync(id), kind => kind == "cancelled");
    }
}
