using MakeVideo.Contracts;
using MakeVideo.EndToEndTests.Cluster;
using MakeVideo.EndToEndTests.Processes;
using MakeVideo.FakeUpstreams.Faults;

namespace MakeVideo.EndToEndTests.Upstreams;

/// <summary>One fetch for each clip, however many jobs want it and whoever dies.</summary>
[Collection(ClusterCollection.Name)]
public sealed class SharedFetchTests(UpstreamCluster world)
{
    private const int Wanted = 30;

    // Longer than thirty of the clips: every job wants them all.
    private const double Audio = 37;

    [Fact]
    public async Task Ten_jobs_that_want_the_same_thirty_clips_on_three_silos_fetch_each_once()
    {
        var cluster = await world.WholeAsync();

        var jobs = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => SubmitAsync(cluster)));
        foreach (var id in jobs)
        {
            var job = await cluster.CompletesAsync(id);
            Assert.Equal((double)Wanted, (double)job["stages"]!["downloading_shorts"]!["metadata"]!["clips_accepted"]!);
        }

        Assert.Equal(Wanted, world.Downloads().Count);
        Assert.All(world.Downloads(), clip => Assert.Equal(1, clip.Value));
        Assert.Equal(Wanted, world.Fakes.Calls.Count("video-downloader", "POST"));
    }

    [Fact]
    public async Task A_silo_that_dies_while_it_fetches_a_clip_costs_what_it_had_in_flight()
    {
        var cluster = await world.WholeAsync();
        var seventeenth = world.OfferedId(16);
        var file = $"/jobs/job-{seventeenth}/download";
        world.Fakes.Faults.Add(new() { Kind = FaultKinds.Silent, Service = "video-downloader", Path = file });
        var id = await SubmitAsync(cluster);

        // All that may be fetched beside it is; it alone hangs.
        await Eventually.HoldsAsync(() => world.Downloads().ContainsKey(file), () => cluster.Log);
        var before = (await cluster.UntilAsync(id, job => job["clips"]!.AsArray().Count(clip => (string?)clip!["status"] == "done") >= 19))["clips"]!.AsArray().Count(clip => (string?)clip!["status"] == "done");
        var victim = await cluster.KeeperAsync(grains => grains.GetGrain<IClipGrain>($"youtube/{seventeenth}"));
        var inFlight = world.Downloads().Values.Sum() - before;
        await victim.KillAsync();
        world.Fakes.Faults.Clear();
        await cluster.IsDoneOnceAsync(id);

        var downloads = world.Downloads();
        Assert.Equal((Wanted, 2), (downloads.Count, downloads[file]));
        Assert.InRange(downloads.Values.Sum(), Wanted + 1, Wanted + inFlight);
    }

    private Task<string> SubmitAsync(ProcessCluster cluster) => cluster.SubmitAsync("source=youtube", "max_shorts=30", world.Speech(Audio));
}
