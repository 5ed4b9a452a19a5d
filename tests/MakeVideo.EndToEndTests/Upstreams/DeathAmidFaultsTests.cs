using MakeVideo.Contracts;
using MakeVideo.EndToEndTests.Cluster;
using MakeVideo.EndToEndTests.Processes;
using MakeVideo.FakeUpstreams;
using MakeVideo.FakeUpstreams.Faults;

namespace MakeVideo.EndToEndTests.Upstreams;

/// <summary>Faults of the world outside that come together with the death of a silo.</summary>
[Collection(ClusterCollection.Name)]
public sealed class DeathAmidFaultsTests(UpstreamCluster world)
{
    private const string Downloader = "video-downloader";

    [Fact]
    public async Task A_pause_that_was_asked_for_outlives_the_silo_that_was_asked()
    {
        var cluster = await world.WholeAsync();
        world.Fakes.Faults.Add(new() { Kind = FaultKinds.Status, Service = Downloader, Status = 429, RetryAfter = "15", Times = 1 });
        var id = await cluster.SubmitAsync("source=youtube", world.Speech(6.1));
        await cluster.UntilAsync(id, job => (string?)job["parked"]?["code"] == FailureCodes.UpstreamThrottled);
        var asked = Calls()[0].At;

        await (await cluster.KeeperAsync(grains => grains.GetGrain<IUpstreamGrain>(Downloader))).KillAsync();
        await cluster.IsDoneOnceAsync(id);

        // What was out already when the answer came is no breach.
        Assert.DoesNotContain(Calls(), call => call.At > asked.AddSeconds(1) && call.At < asked.AddSeconds(14.9));
        Assert.True(Calls().Count > 5, "Nobody came back.");
    }

    [Fact]
    public async Task A_clip_that_is_gone_is_not_asked_for_again_by_those_who_take_over()
    {
        var cluster = await world.WholeAsync();
        var (gone, slow) = (world.OfferedId(1), world.OfferedId(3));
        world.Fakes.Faults.Add(new() { Kind = FaultKinds.Status, Service = Downloader, Path = $"/jobs/job-{gone}/download", Status = 410 });
        world.Fakes.Faults.Add(new() { Kind = FaultKinds.Silent, Service = Downloader, Path = $"/jobs/job-{slow}/download" });
        var id = await cluster.SubmitAsync("source=youtube", world.Speech(6.2));
        await cluster.UntilAsync(id, job => job["clips"]!.AsArray() is [_, { } second, ..] && (string?)second["status"] == "rejected" && world.Downloads().ContainsKey($"/jobs/job-{slow}/download"));
        var before = world.Downloads()[$"/jobs/job-{gone}/download"];

        await (await cluster.OwnerAsync(id)).KillAsync();
        world.Fakes.Faults.Clear();
        await cluster.IsDoneOnceAsync(id);

        Assert.Equal(before, world.Downloads()[$"/jobs/job-{gone}/download"]);
        Assert.All(world.Downloads().Where(clip => !clip.Key.Contains(slow, StringComparison.Ordinal) && !clip.Key.Contains(gone, StringComparison.Ordinal)), clip => Assert.InRange(clip.Value, 1, 2));
    }

    [Fact]
    public async Task A_cached_clip_that_rots_while_its_job_changes_silos_is_alone_fetched_again()
    {
        var cluster = await world.WholeAsync();
        cluster.Ffmpeg.Close(Step.Segment, after: 1);
        try
        {
            var id = await cluster.SubmitAsync("source=youtube", world.Speech(6.3));
            await cluster.UntilAsync(id, job => job["segments"]!.AsArray().Any(segment => (string?)segment!["status"] == "done"));
            var rotten = world.OfferedId(2);
            Rot(Path.Combine(cluster.Data, "clips", "youtube", rotten));
            var before = world.Downloads();

            await (await cluster.OwnerAsync(id)).KillAsync();
            await cluster.UntilAsync(id, job => (int)job["epoch"]! == 2 && (string?)job["status"] == "assembling_video");
            cluster.Ffmpeg.Open();
            await cluster.IsDoneOnceAsync(id);

            var again = world.Downloads().Where(clip => clip.Value > before.GetValueOrDefault(clip.Key)).ToList();
            Assert.Equal($"/jobs/job-{rotten}/download", Assert.Single(again).Key);
        }
        finally
        {
            cluster.Ffmpeg.Open();
        }
    }

    [Fact]
    public async Task Slow_downloads_keep_no_slot_from_other_work()
    {
        var cluster = await world.WholeAsync();
        string[] sources = ["youtube", "pexels", "pixabay"];
        world.Fakes.Faults.Add(new() { Kind = FaultKinds.Silent, Service = Downloader });
        world.Fakes.Faults.Add(new() { Kind = FaultKinds.Silent, Service = "pexels", Path = "/files" });
        world.Fakes.Faults.Add(new() { Kind = FaultKinds.Silent, Service = "pixabay", Path = "/files" });

        // Each waits for as many clips as it may, together for more than there are slots.
        var slow = await Task.WhenAll(sources.Select((source, index) => cluster.SubmitAsync($"source={source}", world.Speech(36.4 + (index / 10.0)))));
        var each = new Grains.Cluster.WorkOptions().ClipsAtOnce;
        await Eventually.HoldsAsync(() => Calls().Count >= each && world.Fakes.Calls.Count("pexels", path: "/files") >= each && world.Fakes.Calls.Count("pixabay", path: "/files") >= each, () => cluster.Log);
        var other = await cluster.SubmitAsync("source=library", cluster.FreshScript());
        await cluster.CompletesAsync(other);

        Assert.All(await Task.WhenAll(slow.Select(cluster.JobAsync)), job => Assert.NotEqual("completed", (string?)job["status"]));
        world.Fakes.Faults.Clear();
        foreach (var id in slow)
        {
            await cluster.CompletesAsync(id);
        }
    }

    private List<Call> Calls() => [.. world.Fakes.Calls.All.Where(call => call.Service == Downloader)];

    /// <summary>Flips one bit; the file's age changes with it, as a rotten disk's does not, but what is read is what counts.</summary>
    private static void Rot(string file)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);
    }
}
