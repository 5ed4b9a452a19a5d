using MakeVideo.EndToEndTests.Processes;

namespace MakeVideo.EndToEndTests.Cluster;

/// <summary>SIGTERM: a silo leaves in good order, or is not given the time to.</summary>
[Collection(ClusterCollection.Name)]
public sealed class DrainTests(SharedCluster shared)
{
    [Fact]
    public async Task A_silo_that_is_told_to_stop_hands_its_job_over_and_it_is_no_crash()
    {
        var undisturbed = await shared.UndisturbedAsync();
        var cluster = await shared.WholeAsync();
        var (id, owner) = await RenderingAsync(cluster);

        var code = await owner.StopAsync();
        cluster.Ffmpeg.Open();
        var done = await cluster.CompletesAsync(id);

        Assert.True(code == 0, owner.Log);
        Assert.Equal(undisturbed, await cluster.VideoAsync(id));
        await cluster.IsDoneOnceAsync(id);
        var receipt = Assert.Single(done["recoveries"]!.AsArray())!;
        Assert.Equal("drain", (string?)receipt["cause"]);
        Assert.Contains("handed_over", await cluster.EventsAsync(id));
        Assert.DoesNotContain("silo_lost", await cluster.EventsAsync(id));
        Assert.InRange((double)receipt["seconds_without_progress"]!, 0, 20);
    }

    [Fact]
    public async Task A_silo_that_is_killed_while_it_drains_is_recovered_from()
    {
        var cluster = await shared.WholeAsync();
        var (id, owner) = await RenderingAsync(cluster);

        owner.Signal("TERM");
        await Eventually.HoldsAsync(() => owner.Log.Contains("Draining", StringComparison.Ordinal) || owner.HasExited, () => owner.Log);
        await owner.KillAsync();
        cluster.Ffmpeg.Open();

        await cluster.IsDoneOnceAsync(id);
    }

    [Fact]
    public async Task All_silos_can_be_restarted_one_after_another_under_load()
    {
        var cluster = await shared.WholeAsync();
        var jobs = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            jobs.Add(await cluster.SubmitAsync($"seed={i}", cluster.FreshScript()));
        }

        foreach (var old in cluster.Silos)
        {
            await cluster.StartSilosAsync(1);
            Assert.True(await old.StopAsync() == 0, old.Log);
        }

        foreach (var id in jobs)
        {
            await cluster.IsDoneOnceAsync(id);
            using var progress = await cluster.Redis.StateAsync("job", id, "progress");
            Assert.All(progress.RootElement.GetProperty("recoveries").EnumerateArray(), receipt => Assert.Equal("drain", receipt.GetProperty("cause").GetString()));
        }
    }

    private static async Task<(string Job, RoleProcess Owner)> RenderingAsync(ProcessCluster cluster)
    {
        cluster.Ffmpeg.Close(Step.Segment, after: 1);
        var id = await cluster.SubmitAsync(cluster.FreshScript());
        await Eventually.HoldsAsync(() => cluster.Ffmpeg.RunsOf(Step.Segment).Count > 1, () => cluster.Log);
        return (id, await cluster.OwnerAsync(id));
    }
}
