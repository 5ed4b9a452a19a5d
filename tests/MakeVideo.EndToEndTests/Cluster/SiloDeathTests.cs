using System.Diagnostics;
using System.Text.Json.Nodes;
using MakeVideo.EndToEndTests.Processes;

namespace MakeVideo.EndToEndTests.Cluster;

/// <summary>kill -9 of a silo, at a known place of a job's work.</summary>
[Collection(ClusterCollection.Name)]
public sealed class SiloDeathTests(SharedCluster shared)
{
    /// <summary>Seconds; far above what recovery takes (the benchmark measures that), so that a busy machine fails no test.</summary>
    private const double OwnedWithin = 20;

    [Theory]
    [InlineData(Step.Decode, 0)]
    [InlineData(Step.Probe, 1)]
    [InlineData(Step.Segment, 2)]
    [InlineData(Step.Join, 0)]
    public async Task A_job_goes_on_from_what_is_done_after_its_silo_dies(string step, int doneBefore)
    {
        var undisturbed = await shared.UndisturbedAsync();
        var cluster = await shared.WholeAsync();
        cluster.Ffmpeg.Close(step, doneBefore);
        var id = await cluster.SubmitAsync(cluster.FreshScript());
        await Eventually.HoldsAsync(() => cluster.Ffmpeg.RunsOf(step).Any(run => run.Alive) && cluster.Ffmpeg.RunsOf(step).Count(run => !run.Alive) >= doneBefore, () => cluster.Log);

        // A run that has ended is not yet an item that counts (a clip is looked at for text after its probe), and the others must all be at the gate:
        // one that begins after they are counted would be lost as well.
        var job = step is Step.Decode or Step.Join ? await cluster.JobAsync(id) : await AllButAsync(cluster, id, step, doneBefore);
        var victim = await cluster.OwnerAsync(id);
        var lost = cluster.Ffmpeg.Runs.Where(run => run.Parent == victim.Id && run.Alive).ToList();
        await victim.KillAsync();

        await RecoversAsync(cluster, id, epoch: (int)job["epoch"]! + 1);
        Assert.All(lost, run => Assert.False(run.Alive, "An ffmpeg outlived its silo."));
        cluster.Ffmpeg.Open();
        var done = await cluster.CompletesAsync(id);

        Assert.Equal(undisturbed, await cluster.VideoAsync(id));
        await cluster.IsDoneOnceAsync(id);
        var receipt = Assert.Single(done["recoveries"]!.AsArray())!;
        Assert.Equal(victim.Name, (string?)receipt["from_silo"]);
        foreach (var (what, items) in new[] { (Step.Decode, 1), (Step.Probe, done["clips"]!.AsArray().Count), (Step.Segment, done["segments"]!.AsArray().Count), (Step.Join, 1) })
        {
            var (runs, redone) = (cluster.Ffmpeg.RunsOf(what).Count, lost.Count(run => run.Step == what));
            Assert.True(runs <= items + redone, $"{what} ran {runs} times for {items} items of which {redone} were lost.\n{string.Join('\n', cluster.Ffmpeg.Runs)}\n{done}\n{cluster.Log}");
        }
    }

    [Fact]
    public async Task A_silo_that_only_rendered_for_a_job_costs_its_segments_and_no_new_attempt()
    {
        var undisturbed = await shared.UndisturbedAsync();
        var cluster = await shared.WholeAsync();
        cluster.Ffmpeg.Close(Step.Segment, after: 1);
        var id = await cluster.SubmitAsync(cluster.FreshScript());
        var owner = await cluster.OwnerAsync(id);
        await AllButAsync(cluster, id, Step.Segment, 1);
        await Eventually.HoldsAsync(() => Elsewhere().Any(), () => cluster.Log);
        var victim = cluster.Silos.First(silo => silo.Id == Elsewhere().First().Parent);
        var lost = cluster.Ffmpeg.Runs.Count(run => run.Parent == victim.Id && run.Alive);

        await victim.KillAsync();
        cluster.Ffmpeg.Open();
        var done = await cluster.CompletesAsync(id);

        Assert.Equal(undisturbed, await cluster.VideoAsync(id));
        Assert.Equal((1, 0), ((int)done["epoch"]!, done["recoveries"]!.AsArray().Count));
        Assert.InRange(cluster.Ffmpeg.RunsOf(Step.Segment).Count, done["segments"]!.AsArray().Count, done["segments"]!.AsArray().Count + lost);

        IEnumerable<ToolRun> Elsewhere() => cluster.Ffmpeg.RunsOf(Step.Segment).Where(run => run.Parent != owner.Id && run.Alive);
    }

    [Fact]
    public async Task Every_job_goes_on_by_itself_when_all_was_killed_and_started_again()
    {
        var cluster = await shared.WholeAsync();
        cluster.Ffmpeg.Close(Step.Segment, after: 3);
        var jobs = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            jobs.Add(await cluster.SubmitAsync($"seed={i}", cluster.FreshScript()));
        }

        await Eventually.HoldsAsync(() => cluster.Ffmpeg.RunsOf(Step.Segment).Count > 3, () => cluster.Log);
        await Task.WhenAll(cluster.KillSilosAsync(), cluster.Gateway.KillAsync(), cluster.Redis.KillAsync());
        cluster.Ffmpeg.Open();

        await cluster.Redis.StartAgainAsync();
        await Task.WhenAll(cluster.RefillAsync(3), cluster.RestartGatewayAsync());

        foreach (var id in jobs)
        {
            await cluster.IsDoneOnceAsync(id);
        }
    }

    [Fact]
    public async Task A_silo_that_was_stopped_for_long_is_a_stranger_when_it_goes_on()
    {
        var undisturbed = await shared.UndisturbedAsync();
        var cluster = await shared.WholeAsync();
        cluster.Ffmpeg.Close(Step.Segment, after: 1);
        var id = await cluster.SubmitAsync(cluster.FreshScript());
        await Eventually.HoldsAsync(() => cluster.Ffmpeg.RunsOf(Step.Segment).Count > 1, () => cluster.Log);
        var zombie = await cluster.OwnerAsync(id);
        zombie.Signal("STOP");
        await RecoversAsync(cluster, id, epoch: 2);
        cluster.Ffmpeg.Open();
        await Eventually.HoldsAsync(async () => (await cluster.EventsAsync(id)).Contains("completed"), () => cluster.Log);

        zombie.Signal("CONT");
        var code = await zombie.EndAsync();

        Assert.NotEqual(0, code);
        Assert.DoesNotContain(cluster.Ffmpeg.Runs, run => run.Parent == zombie.Id && run.Alive);
        Assert.Equal(undisturbed, await cluster.VideoAsync(id));
        await cluster.IsDoneOnceAsync(id);
    }

    /// <summary>The job when so many of a step's items are done, and all others stand at its gate: three silos have a slot for each.</summary>
    private static async Task<JsonNode> AllButAsync(ProcessCluster cluster, string id, string step, int done)
    {
        var items = step == Step.Probe ? "clips" : "segments";
        var job = await cluster.UntilAsync(id, told => told[items]!.AsArray().Count(item => (string?)item!["status"] == "done") == done);
        var waiting = job[items]!.AsArray().Count - done;
        await Eventually.HoldsAsync(() => cluster.Ffmpeg.RunsOf(step).Count(run => run.Alive) == waiting, () => $"Not all {waiting} wait: {string.Join('\n', cluster.Ffmpeg.Runs)}");
        return job;
    }

    private static Task RecoversAsync(ProcessCluster cluster, string id, int epoch)
    {
        var killed = Stopwatch.GetTimestamp();
        return Eventually.HoldsAsync(
            async () => (await cluster.Redis.StateAsync("job", id, "progress")).RootElement.GetProperty("epoch").GetInt32() >= epoch,
            () => $"Not owned again {Stopwatch.GetElapsedTime(killed)} after.\n{cluster.Log}", OwnedWithin);
    }
}
