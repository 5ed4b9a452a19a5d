using System.Diagnostics;
using System.Text.Json.Nodes;
using MakeVideo.EndToEndTests.Processes;

namespace MakeVideo.EndToEndTests.Cluster;

/// <summary>Who looks on from outside: a job's events, and who of the cluster does what.</summary>
[Collection(ClusterCollection.Name)]
public sealed class WatchingTests(SharedCluster shared)
{
    [Fact]
    public async Task A_stream_goes_on_over_a_lost_silo_and_comes_back_after_a_lost_gateway()
    {
        var cluster = await shared.WholeAsync();
        cluster.Ffmpeg.Close(Step.Segment, after: 1);
        var id = await cluster.SubmitAsync(cluster.FreshScript());
        using var first = Listen(cluster, id, last: null, out var heard);
        await Eventually.HoldsAsync(() => Count(heard, "segments") > 0 && heard().Contains("\"status\":\"done\"", StringComparison.Ordinal), () => heard() + cluster.Log);

        await (await cluster.OwnerAsync(id)).KillAsync();
        await Eventually.HoldsAsync(() => heard().Contains("\"cause\":\"silo_lost\"", StringComparison.Ordinal), () => heard() + cluster.Log);
        Assert.False(first.HasExited);
        await cluster.Gateway.KillAsync();
        await first.WaitForExitAsync(TestContext.Current.CancellationToken);
        await cluster.RestartGatewayAsync();

        // Its first id: with its last it may know all there is, and would be told nothing until the gate opens.
        using var second = Listen(cluster, id, FirstId(heard()), out var rest);
        await Eventually.HoldsAsync(() => Count(rest, "snapshot") == 1, () => rest() + cluster.Log);
        cluster.Ffmpeg.Open();
        await Eventually.HoldsAsync(() => second.HasExited, () => rest() + cluster.Log, seconds: 120);
        Assert.EndsWith($"event: end\nid: end\ndata: {{\"job_id\":\"{id}\",\"status\":\"completed\"}}\n\n", rest(), StringComparison.Ordinal);
        Assert.Equal(204, (await cluster.Gateway.Http.RunAsync($"/jobs/{id}/events", "-H", "Last-Event-ID: end")).Status);
    }

    [Fact]
    public async Task The_cluster_names_its_silos_and_a_job_tells_which_of_them_does_what()
    {
        var cluster = await shared.WholeAsync();
        cluster.Ffmpeg.Close(Step.Segment);
        var id = await cluster.SubmitAsync(cluster.FreshScript());
        var names = cluster.Silos.Select(silo => silo.Name).Order().ToList();
        var job = await cluster.UntilAsync(id, job => job["segments"]!.AsArray().Count(segment => segment!["silo"] is not null) > 1);
        Assert.All(job["segments"]!.AsArray().Where(segment => segment!["silo"] is not null), segment => Assert.Contains((string?)segment!["silo"], names));

        JsonNode? told = null;
        await Eventually.HoldsAsync(
            async () => (told = (await cluster.Gateway.Http.RunAsync("/cluster")).Json) is not null && told["silos"]!.AsArray().Sum(silo => (int)silo!["slots_used"]!) > 1, () => $"{told}\n{cluster.Log}");
        Assert.Equal(names, told!["silos"]!.AsArray().Select(silo => (string?)silo!["name"]).Order());
        Assert.Equal((1, 0), ((int)told["line"]!["working"]!, (int)told["line"]!["waiting"]!));
        Assert.Equal(1, (int)told["jobs"]!["working"]!);

        // A clip's picture is made by a silo when somebody looks, once, and goes with the clip.
        var clip = (string)job["clips"]!.AsArray().First(clip => (string?)clip!["status"] == "done")!["clip"]!;
        var picture = await cluster.Gateway.Http.RunAsync($"/clips/{clip}/frame");
        Assert.Equal((200, "image/jpeg"), (picture.Status, picture.Headers["content-type"]));
        Assert.InRange(picture.Body.Length, 500, 60_000);
        Assert.Equal([0xFF, 0xD8], picture.Body[..2]);
        var file = Path.Combine(cluster.Data, "thumbnails", clip + ".jpg");
        var made = File.GetLastWriteTimeUtc(file);
        Assert.Equal(picture.Body, (await cluster.Gateway.Http.RunAsync($"/clips/{clip}/frame")).Body);
        Assert.Equal(made, File.GetLastWriteTimeUtc(file));
        Assert.Equal(404, (await cluster.Gateway.Http.RunAsync("/clips/library/none/frame")).Status);

        cluster.Ffmpeg.Open();
        await cluster.CompletesAsync(id);
        var words = (await cluster.Gateway.Http.RunAsync($"/jobs/{id}/words")).Json!["words"]!.AsArray();
        Assert.Equal(cluster.Place.Words, string.Join(' ', words.Select(word => (string?)word!["text"])));
        await cluster.Gateway.Http.RunAsync("/cache/cleanup?days=0", "-X", "POST");
        await Eventually.HoldsAsync(() => !File.Exists(file), () => cluster.Log);
    }

    private static Process Listen(ProcessCluster cluster, string id, string? last, out Func<string> heard)
    {
        var file = cluster.Place.In($"{Guid.NewGuid():N}.events");
        heard = () => File.Exists(file) ? File.ReadAllText(file) : "";
        return Process.Start("curl", ["--silent", "--no-buffer", "--output", file, "-H", $"Last-Event-ID: {last}", $"{cluster.Gateway.Http.Address}/jobs/{id}/events"]);
    }

    private static int Count(Func<string> heard, string word) => heard().Split(word).Length - 1;

    private static string FirstId(string heard) => heard.Split('\n').First(line => line.StartsWith("id: ", StringComparison.Ordinal))[4..];
}
