using System.Globalization;
using System.Text.Json.Nodes;
using MakeVideo.EndToEndTests.Processes;

namespace MakeVideo.EndToEndTests.Containers;

/// <summary>After all others: these measure how soon a cluster notices what is done to it.</summary>
[CollectionDefinition(nameof(ContainerTests), DisableParallelization = true)]
public sealed class ContainerCollection : ICollectionFixture<ContainerCluster>;

/// <summary>The compose file's cluster while its containers are killed, cut off, stopped and scaled.</summary>
[Collection(nameof(ContainerTests))]
public sealed class ContainerTests(ContainerCluster cluster)
{
    /// <summary>Seconds from a silo's death until somebody else has its jobs, at the very most.</summary>
    private const double OwnedAgainWithin = 20;

    [Fact]
    public async Task A_job_whose_container_is_killed_goes_on_to_the_same_bytes()
    {
        await cluster.ReadyAsync();
        cluster.Open();
        var undisturbed = await cluster.CompletedAsync(await cluster.SubmitAsync());
        await cluster.ReadyAsync();
        var (job, owner) = await RenderingAsync();

        await Docker.RunAsync("kill", owner);
        var at = DateTimeOffset.UtcNow;
        cluster.Open();
        var end = await cluster.CompletedAsync(job);

        await IsWholeAsync(job, end);
        Assert.InRange(await TakenUpAfterAsync(job, at), 0, OwnedAgainWithin);
        Assert.Equal((string?)undisturbed["result"]!["sha256"], (string?)end["result"]!["sha256"]);
        await Docker.RunAsync("start", owner);
    }

    [Fact]
    public async Task A_silo_that_is_cut_off_ends_and_its_job_goes_on_elsewhere()
    {
        await cluster.ReadyAsync();
        var (job, owner) = await RenderingAsync();

        await Docker.RunAsync("network", "disconnect", cluster.Network, owner);
        try
        {
            var at = DateTimeOffset.UtcNow;
            cluster.Open();
            await IsWholeAsync(job, await cluster.CompletedAsync(job));
            Assert.InRange(await TakenUpAfterAsync(job, at), 0, OwnedAgainWithin);

            // It ends by itself, and Docker starts it again.
            await Eventually.HoldsAsync(async () => (int)(await ContainerCluster.InspectAsync(owner))["RestartCount"]! > 0, cluster.Logs, seconds: 90);
        }
        finally
        {
            await Docker.RunAsync("network", "connect", cluster.Network, owner);
        }

        await cluster.ReadyAsync();
        Assert.Equal(["e2.mp4", "e2.srt", "e2.txt"], await cluster.PublishedAsync(job));
    }

    [Fact]
    public async Task A_silo_that_is_stopped_hands_its_job_over_and_ends_with_0()
    {
        await cluster.ReadyAsync();
        var (job, owner) = await RenderingAsync();

        var stop = Docker.RunAsync("stop", "--time", "30", owner);
        await Eventually.HoldsAsync(async () => (await cluster.JournalAsync(job)).Any(entry => (string?)entry["kind"] == "handed_over"), cluster.Logs, seconds: 20);
        cluster.Open();
        await IsWholeAsync(job, await cluster.CompletedAsync(job));
        await stop;

        Assert.Equal(0, (int)(await ContainerCluster.InspectAsync(owner))["State"]!["ExitCode"]!);
        await Docker.RunAsync("start", owner);
    }

    [Fact]
    public async Task Silos_come_and_go_under_a_job()
    {
        await cluster.ReadyAsync();
        var (job, _) = await RenderingAsync();

        var scaling = ScaleAsync();
        cluster.Open();
        var end = await cluster.CompletedAsync(job);
        await scaling;

        Assert.Single(await cluster.JournalAsync(job), entry => (string?)entry["kind"] == "completed");
        Assert.Equal((double)end["audio_duration"]! + 1, (double)end["result"]!["duration"]!, 1 / 30.0);
        Assert.Equal(2, (await cluster.ContainersAsync("silo")).Length);

        async Task ScaleAsync()
        {
            await cluster.ScaleAsync(4);
            await cluster.ScaleAsync(2);
        }
    }

    [Theory]
    [InlineData("redis", "999:999", 512L << 20)]
    [InlineData("gateway", "1654:1654", 512L << 20)]
    [InlineData("silo", "1654:1654", 2L << 30)]
    public async Task A_container_has_few_rights_and_limits_to_what_it_takes(string service, string user, long memory)
    {
        await cluster.ReadyAsync();

        var container = await ContainerCluster.InspectAsync((await cluster.ContainersAsync(service))[0]);

        var host = container["HostConfig"]!;
        Assert.Equal((user, true, false), ((string?)container["Config"]!["User"], (bool)host["ReadonlyRootfs"]!, (bool)host["Privileged"]!));
        Assert.Equal(("ALL", "no-new-privileges:true"), ((string?)host["CapDrop"]![0], (string?)host["SecurityOpt"]![0]));
        Assert.Equal((memory, 1_000_000_000), ((long)host["Memory"]!, (long)host["NanoCpus"]!));
        Assert.InRange((long)host["PidsLimit"]!, 1, 512);
        var published = container["NetworkSettings"]!["Ports"]!.AsObject().SelectMany(port => port.Value?.AsArray().Select(at => (string?)at!["HostIp"]) ?? []);
        Assert.Equal(service == "gateway" ? ["127.0.0.1"] : [], published);
    }

    /// <summary>A job of which one segment is done and others wait at the gate, and the container that works on it.</summary>
    private async Task<(string Job, string Owner)> RenderingAsync()
    {
        cluster.Pass();
        var job = await cluster.SubmitAsync();
        await cluster.UntilAsync(job, now => ContainerCluster.SegmentsDone(now) == 1);
        return (job, await cluster.OwnerAsync(job));
    }

    /// <summary>The second attempt completed it, once, to the frame, with what the first had done.</summary>
    private async Task IsWholeAsync(string job, JsonNode end)
    {
        Assert.Equal(2, (int)end["epoch"]!);
        Assert.Equal((double)end["audio_duration"]! + 1, (double)end["result"]!["duration"]!, 1 / 30.0);
        Assert.InRange((int)end["result"]!["segments_reused"]!, 1, int.MaxValue);
        Assert.Single(await cluster.JournalAsync(job), entry => (string?)entry["kind"] == "completed");
        Assert.Equal(["e2.mp4", "e2.srt", "e2.txt"], await cluster.PublishedAsync(job));
    }

    private async Task<double> TakenUpAfterAsync(string job, DateTimeOffset moment)
    {
        var recovered = (await cluster.JournalAsync(job)).Last(entry => (string?)entry["kind"] == "recovered");
        return (DateTimeOffset.Parse((string)recovered["at"]!, CultureInfo.InvariantCulture) - moment).TotalSeconds;
    }
}
