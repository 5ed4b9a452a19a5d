using MakeVideo.Contracts;
using MakeVideo.EndToEndTests.Processes;

namespace MakeVideo.EndToEndTests.Cluster;

/// <summary>Users stop, delete and retry jobs of a cluster, wherever those are.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ControlTests(SharedCluster shared)
{
    [Theory]
    [InlineData(Step.Decode)]
    [InlineData(Step.Probe)]
    [InlineData(Step.Segment)]
    [InlineData(Step.Join)]
    public async Task A_job_is_cancelled_in_any_stage_and_retried_from_where_it_stopped(string step)
    {
        var undisturbed = await shared.UndisturbedAsync();
        var cluster = await shared.WholeAsync();
        cluster.Ffmpeg.Close(step);
        var id = await cluster.SubmitAsync(cluster.FreshScript());
        await Eventually.HoldsAsync(() => cluster.Ffmpeg.RunsOf(step).Count > 0, () => cluster.Log);

        var answer = await cluster.Gateway.Http.RunAsync($"/jobs/{id}/cancel", "-X", "POST");

        Assert.True(answer.Status == 200, answer.Text);
        await Eventually.HoldsAsync(() => !cluster.Ffmpeg.Runs.Any(run => run.Alive), () => $"An ffmpeg goes on.\n{string.Join('\n', cluster.Ffmpeg.Runs)}", seconds: 5);
        Assert.Equal("cancelled", (string?)(await cluster.JobAsync(id))["status"]);
        Assert.Equal(409, (await cluster.Gateway.Http.RunAsync($"/jobs/{id}/cancel", "-X", "POST")).Status);
        cluster.Ffmpeg.Open();

        Assert.Equal(200, (await cluster.Gateway.Http.RunAsync($"/jobs/{id}/retry", "-X", "POST")).Status);
        await cluster.IsDoneOnceAsync(id);
        Assert.Equal(undisturbed, await cluster.VideoAsync(id));
    }

    [Fact]
    public async Task A_cancel_that_races_the_end_leaves_one_final_state()
    {
        var cluster = await shared.WholeAsync();
        var jobs = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            cluster.Ffmpeg.Close(Step.Join);
            var id = await cluster.SubmitAsync(cluster.FreshScript());
            await Eventually.HoldsAsync(() => cluster.Ffmpeg.RunsOf(Step.Join).Count > i, () => cluster.Log);
            cluster.Ffmpeg.Open();
            var cancelled = await cluster.Gateway.Http.RunAsync($"/jobs/{id}/cancel", "-X", "POST");
            var job = await cluster.UntilAsync(id, told => (string?)told["status"] is "completed" or "cancelled");
            Assert.Equal((string?)job["status"] == "cancelled" ? 200 : 409, cancelled.Status);
            jobs.Add(id);
        }

        foreach (var id in jobs)
        {
            Assert.Single(await cluster.EventsAsync(id), kind => kind is "completed" or "cancelled");
        }
    }

    [Fact]
    public async Task A_job_that_is_deleted_while_it_renders_does_not_come_back()
    {
        var cluster = await shared.WholeAsync();
        cluster.Ffmpeg.Close(Step.Segment);
        var id = await cluster.SubmitAsync(cluster.FreshScript());
        var owner = await cluster.OwnerAsync(id);
        await Eventually.HoldsAsync(() => cluster.Ffmpeg.RunsOf(Step.Segment).Count > 0, () => cluster.Log);

        Assert.Equal(200, (await cluster.Gateway.Http.RunAsync($"/jobs/{id}", "-X", "DELETE")).Status);
        await Eventually.HoldsAsync(() => !cluster.Ffmpeg.Runs.Any(run => run.Alive), () => "An ffmpeg goes on.", seconds: 5);
        cluster.Ffmpeg.Open();
        await owner.KillAsync();
        await cluster.StartSilosAsync(1);

        Assert.Equal(404, (await cluster.Gateway.Http.RunAsync($"/jobs/{id}")).Status);
        Assert.Empty(Directory.GetFileSystemEntries(cluster.Data, $"*{id}*", SearchOption.AllDirectories));
        Assert.Equal("", await cluster.Redis.CommandAsync("keys", $"*{id}*"));
    }

    [Fact]
    public async Task Waking_a_job_that_is_at_work_changes_nothing()
    {
        var undisturbed = await shared.UndisturbedAsync();
        var cluster = await shared.WholeAsync();
        cluster.Ffmpeg.Close(Step.Segment, after: 1);
        var id = await cluster.SubmitAsync(cluster.FreshScript());
        await Eventually.HoldsAsync(() => cluster.Ffmpeg.RunsOf(Step.Segment).Count > 1, () => cluster.Log);

        var woken = await cluster.AsClientAsync(grains => Task.WhenAll(Enumerable.Range(0, 40).Select(
            i => grains.GetGrain<IJobGrain>(id).WakeAsync(i % 2 == 0 ? WakeCause.Reminder : WakeCause.SiloLost))));
        cluster.Ffmpeg.Open();
        await cluster.IsDoneOnceAsync(id);

        Assert.All(woken, Assert.True);
        var job = await cluster.JobAsync(id);
        Assert.Equal((1, 0, job["segments"]!.AsArray().Count), ((int)job["epoch"]!, job["recoveries"]!.AsArray().Count, cluster.Ffmpeg.RunsOf(Step.Segment).Count));
        Assert.Equal(undisturbed, await cluster.VideoAsync(id));
    }
}
