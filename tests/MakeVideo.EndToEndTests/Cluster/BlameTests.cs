using System.Text.Json.Nodes;
using MakeVideo.EndToEndTests.Make;
using MakeVideo.EndToEndTests.Media;
using MakeVideo.EndToEndTests.Processes;

namespace MakeVideo.EndToEndTests.Cluster;

/// <summary>ffmpeg that crashes each time: the clip is blamed when it is one clip, the machine when it is all of them, and the job only then.</summary>
[Collection(ClusterCollection.Name)]
public sealed class BlameTests(MediaFixture media)
{
    [Fact]
    public async Task A_clip_that_crashes_ffmpeg_is_left_out_and_its_job_is_done()
    {
        await using var cluster = await ProcessCluster.StartAsync(new Workplace(media), silos: 2);
        var before = await cluster.CompletesAsync(await cluster.SubmitAsync());
        var clip = (string)Shorts(before)[0]!["video_id"]!;
        Directory.Delete(Path.Combine(cluster.Data, "segments"), recursive: true);

        cluster.Ffmpeg.Crash(clip);
        var id = await cluster.SubmitAsync(cluster.FreshScript());
        await cluster.IsDoneOnceAsync(id);

        Assert.DoesNotContain(Shorts(await cluster.JobAsync(id)), shown => (string)shown!["video_id"]! == clip);
        Assert.Contains("clip_blamed", await cluster.EventsAsync(id));
        var told = (await cluster.Gateway.Http.RunAsync($"/clips/library/{clip}")).Json!;
        Assert.Equal(("rejected", "clip_corrupt"), ((string?)told["status"], (string?)told["rejection"]!["code"]));
    }

    [Fact]
    public async Task An_ffmpeg_that_crashes_on_everything_condemns_no_clip()
    {
        await using var cluster = await ProcessCluster.StartAsync(new Workplace(media), silos: 1);
        cluster.Ffmpeg.Crash("everything");
        var job = await cluster.UntilAsync(await cluster.SubmitAsync(), job => (string?)job["status"] is "failed" or "completed");

        Assert.Equal(("failed", "render_failed"), ((string?)job["status"], (string?)job["error"]!["code"]));
        Assert.Empty((await cluster.Gateway.Http.RunAsync("/clips?status=rejected")).Json!["clips"]!.AsArray());
    }

    private static JsonArray Shorts(JsonNode job) => job["result"]!["shorts_list"]!.AsArray();
}
