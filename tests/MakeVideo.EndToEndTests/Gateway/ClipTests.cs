using System.Text.Json.Nodes;
using MakeVideo.EndToEndTests.Make;
using MakeVideo.EndToEndTests.Media;
using MakeVideo.EndToEndTests.Processes;

namespace MakeVideo.EndToEndTests.Gateway;

/// <summary>What users see of the clips: which are left out and why, what an operator can do about it, and what the cache keeps.</summary>
public sealed class ClipTests(MediaFixture media)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_clip_with_subtitles_is_left_out_until_an_operator_accepts_it()
    {
        var place = new Workplace(media);
        File.Copy(BurnedClips.Subtitled(media), Path.Combine(place.Library, "city-caption.mp4"));
        File.Copy(BurnedClips.Logo(media), Path.Combine(place.Library, "city-logo.mp4"));
        await using var server = await ServerProcess.StartAsync(place.In("data"), place.Library);
        var first = await MakeAsync(server, place, "city");

        var clips = (await server.CurlAsync("/clips")).Json!["clips"]!.AsArray();
        var subtitled = clips.Single(clip => (string?)clip!["title"] == "city-caption")!;
        Assert.Equal(("rejected", "clip_has_text"), ((string?)subtitled["status"], (string?)subtitled["rejection"]!["code"]));
        Assert.InRange((double)subtitled["burned_text"]!["score"]!, 0.5, 1);
        Assert.All(clips.Where(clip => clip != subtitled), clip => Assert.Equal("ready", (string?)clip!["status"]));
        Assert.Contains(clips, clip => (string?)clip!["title"] == "city-logo");
        Assert.Equal("rejected", (string?)first["clips"]!.AsArray().Single(clip => (string?)clip!["name"] == "city-caption")!["status"]);

        var path = $"/clips/library/{subtitled["id"]}";
        var picture = await server.CurlAsync((string)subtitled["burned_text"]!["thumbnail"]!);
        Assert.Equal((200, "image/png"), (picture.Status, picture.Headers["content-type"]));
        Assert.Single((await server.CurlAsync("/clips?status=rejected&limit=1&offset=0")).Json!["clips"]!.AsArray());

        var accepted = await server.CurlAsync($"{path}/accept", "-X", "POST");
        Assert.Equal((200, "accepted", "missing"), (accepted.Status, (string?)accepted.Json!["ruling"], (string?)accepted.Json["status"]));
        var logo = clips.Single(clip => (string?)clip!["title"] == "city-logo")!["id"];
        Assert.Equal(200, (await server.CurlAsync($"/clips/library/{logo}/reject", "-X", "POST")).Status);
        var second = await MakeAsync(server, place, "city");
        var used = second["clips"]!.AsArray().ToDictionary(clip => (string)clip!["name"]!, clip => (string?)clip!["status"]);
        Assert.Equal(("done", "rejected"), (used["city-caption"], used["city-logo"]));
        Assert.Equal("ready", (string?)(await server.CurlAsync(path)).Json!["status"]);
    }

    [Fact]
    public async Task The_cache_forgets_what_was_used_least_and_nothing_that_a_job_needs()
    {
        var place = new Workplace(media);
        await using var server = await ServerProcess.StartAsync(place.In("data"), place.Library, environment: new Dictionary<string, string> { ["MAKEVIDEO_ClipCache__MostBytes"] = "1" });

        await MakeAsync(server, place, "harbour");
        var before = (await server.CurlAsync("/cache/stats")).Json!;
        Assert.Equal(1, (int)before["total_shorts"]!);
        Assert.Equal(1, (int)before["most_used"]![0]!["uses"]!);

        // Its job is over: the first clip that comes in for another drives it out.
        await MakeAsync(server, place, "city");
        await Eventually.HoldsAsync(
            async () => (await server.CurlAsync("/clips?status=ready")).Json!["clips"]!.AsArray().All(clip => (string?)clip!["title"] != "harbour"), () => server.Log, seconds: 90);
        var cleaned = await server.CurlAsync("/cache/cleanup?days=0", "-X", "POST");
        Assert.Equal(200, cleaned.Status);
        Assert.Equal((0, 0.0), ((int)(await server.CurlAsync("/cache/stats")).Json!["total_shorts"]!, (double)(await server.CurlAsync("/cache/stats")).Json!["total_size_mb"]!));
        Assert.Empty(Directory.GetFiles(place.In("data/clips"), "*", SearchOption.AllDirectories));

        // What is gone is fetched again.
        await MakeAsync(server, place, "harbour");
    }

    private static async Task<JsonNode> MakeAsync(ServerProcess server, Workplace place, string query)
    {
        var accepted = await server.CurlAsync("/make-video", "-F", $"audio_file=@{place.Speech}", "-F", $"query={query}", "-F", "quality=preview", "-F", "max_shorts=10");
        Assert.True(accepted.Status == 202, accepted.Text);
        var job = await server.UntilAsync((string)accepted.Json!["job_id"]!, "completed", "failed");
        Assert.True((string?)job["status"] == "completed", job.ToJsonString());
        Cancellation.ThrowIfCancellationRequested();
        return job;
    }
}
