using MakeVideo.EndToEndTests.Processes;

namespace MakeVideo.EndToEndTests.Cluster;

/// <summary>Everything at once, in short: the benchmark has the long form.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ChaosTests(SharedCluster shared)
{
    private const int Jobs = 6;

    [Fact]
    public async Task Every_job_is_done_once_and_exactly_while_silos_come_and_go_and_the_store_restarts()
    {
        var cluster = await shared.WholeAsync();
        var jobs = new List<string>();
        for (var i = 0; i < Jobs; i++)
        {
            jobs.Add(await cluster.SubmitAsync($"seed={i}", cluster.FreshScript()));
        }

        await WhenDoneAsync(0);
        await cluster.Silos[0].KillAsync();
        await cluster.StartSilosAsync(1);
        Assert.Equal(0, await cluster.Silos[0].StopAsync());
        await cluster.Redis.StopAsync();
        await cluster.Redis.StartAgainAsync();
        await cluster.StartSilosAsync(1);
        await cluster.Silos[0].KillAsync();

        foreach (var id in jobs)
        {
            await cluster.IsDoneOnceAsync(id);
        }

        // Each blow falls when something more was rendered: there is always work for it to hit.
        Task WhenDoneAsync(int before) => Eventually.HoldsAsync(() => cluster.Ffmpeg.RunsOf(Step.Segment).Count > before, () => cluster.Log);
    }

    [Fact]
    public async Task Jobs_in_line_go_on_when_the_silo_that_keeps_the_line_dies()
    {
        var cluster = await shared.WholeAsync();
        cluster.Ffmpeg.Close(Step.Segment, after: 1);
        var jobs = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            jobs.Add(await cluster.SubmitAsync($"seed={i}", cluster.FreshScript()));
        }

        var keeper = await cluster.QueueKeeperAsync();
        await keeper.KillAsync();
        cluster.Ffmpeg.Open();

        foreach (var id in jobs)
        {
            await cluster.IsDoneOnceAsync(id);
        }
    }
}
