using MakeVideo.EndToEndTests.Processes;

namespace MakeVideo.EndToEndTests.Cluster;

/// <summary>The store goes away, comes back, fills up, or comes back empty, while a job renders.</summary>
[Collection(ClusterCollection.Name)]
public sealed class RedisFaultTests(SharedCluster shared)
{
    [Theory]
    [InlineData("restarted")]
    [InlineData("killed")]
    [InlineData("frozen")]
    public async Task No_job_fails_while_the_store_is_away(string how)
    {
        var undisturbed = await shared.UndisturbedAsync();
        var cluster = await shared.WholeAsync();
        cluster.Ffmpeg.Close(Step.Segment, after: 2);
        var id = await cluster.SubmitAsync(cluster.FreshScript());
        await Eventually.HoldsAsync(() => cluster.Ffmpeg.RunsOf(Step.Segment).Count > 2, () => cluster.Log);
        var silos = cluster.Silos;
        await (how switch
        {
            "restarted" => cluster.Redis.StopAsync(),
            "killed" => cluster.Redis.KillAsync(),
            _ => cluster.Redis.FreezeAsync(),
        });

        // Segments end while nobody can write that they did.
        cluster.Ffmpeg.Open();
        await Eventually.HoldsAsync(async () => (await silos[0].ReadyAsync()).Status == 503, () => cluster.Log, seconds: 30);
        Assert.Equal(200, (await silos[0].Http.RunAsync("/health/live")).Status);
        var refused = await cluster.TrySubmitAsync("seed=9");
        Assert.Equal((503, "store_unavailable", true), (refused.Status, refused.Code, refused.Headers.ContainsKey("retry-after")));
        await (how == "frozen" ? cluster.Redis.ThawAsync() : cluster.Redis.StartAgainAsync());

        await cluster.IsDoneOnceAsync(id);
        Assert.Equal(undisturbed, await cluster.VideoAsync(id));
        Assert.All(silos, silo => Assert.False(silo.HasExited, silo.Log));
        await Eventually.HoldsAsync(async () => (await silos[0].ReadyAsync()).Status == 200, () => cluster.Log);
        Assert.Equal([id], (await cluster.Gateway.Http.RunAsync("/jobs?limit=1")).Json!.AsArray().Select(job => (string?)job!["job_id"]));
    }

    [Fact]
    public async Task A_full_store_refuses_submits_and_jobs_go_on_when_there_is_room()
    {
        var cluster = await shared.WholeAsync();
        cluster.Ffmpeg.Close(Step.Segment, after: 1);
        var id = await cluster.SubmitAsync(cluster.FreshScript());
        await Eventually.HoldsAsync(() => cluster.Ffmpeg.RunsOf(Step.Segment).Count > 1, () => cluster.Log);
        Assert.Equal("OK", await cluster.Redis.CommandAsync("config", "set", "maxmemory", "1"));

        cluster.Ffmpeg.Open();
        var refused = await cluster.TrySubmitAsync("seed=9");
        Assert.True(refused is { Status: 503, Code: "store_unavailable" }, $"{refused.Status} {refused.Text}\n{cluster.Log}");
        await Eventually.HoldsAsync(() => cluster.Log.Contains("OOM", StringComparison.Ordinal), () => $"No write was refused.\n{cluster.Log}");
        Assert.Equal("OK", await cluster.Redis.CommandAsync("config", "set", "maxmemory", "0"));

        await cluster.IsDoneOnceAsync(id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Silos_do_not_work_on_as_ghosts_of_a_store_that_was_wiped(bool restarted)
    {
        var cluster = await shared.WholeAsync();
        cluster.Ffmpeg.Close(Step.Segment);
        await cluster.SubmitAsync(cluster.FreshScript());
        await Eventually.HoldsAsync(() => cluster.Ffmpeg.RunsOf(Step.Segment).Count > 0, () => cluster.Log);
        var silos = cluster.Silos;

        if (restarted)
        {
            await cluster.Redis.KillAsync();
            cluster.Redis.Wipe();
            await cluster.Redis.StartAgainAsync();
        }
        else
        {
            Assert.Equal("OK", await cluster.Redis.CommandAsync("flushall"));
        }

        foreach (var silo in silos)
        {
            await Eventually.HoldsAsync(() => silo.HasExited, () => silo.Log);
            Assert.NotEqual(0, silo.ExitCode);
            Assert.Contains("wiped or replaced", silo.Log, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(cluster.Ffmpeg.Runs, run => run.Alive);
    }
}
