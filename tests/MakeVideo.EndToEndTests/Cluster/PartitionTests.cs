using MakeVideo.EndToEndTests.Make;
using MakeVideo.EndToEndTests.Media;
using MakeVideo.EndToEndTests.Processes;

namespace MakeVideo.EndToEndTests.Cluster;

/// <summary>The network parts processes that all live on.</summary>
[Collection(ClusterCollection.Name)]
public sealed class PartitionTests(MediaFixture media)
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Silos_that_cannot_reach_each_other_make_one_video_and_one_side_leaves(int silos)
    {
        using var network = new TestNetwork(silos);
        await using var cluster = await ProcessCluster.StartAsync(new Workplace(media), network.Here, new() { Host = network.Here }, [.. Hosts(silos).Select(network.Silo)]);
        cluster.Ffmpeg.Close(Step.Segment, after: 1);
        var id = await cluster.SubmitAsync(cluster.FreshScript());
        var owner = await cluster.OwnerAsync(id);
        await Eventually.HoldsAsync(() => cluster.Ffmpeg.RunsOf(Step.Segment).Count > 1, () => cluster.Log);
        var cut = HostOf(owner);

        foreach (var other in Hosts(silos).Where(host => host != cut))
        {
            network.Part(cut, other);
        }

        // The one that is voted out ends itself as soon as the membership tells it so.
        await Eventually.HoldsAsync(() => cluster.Silos.Count < silos, () => cluster.Log, seconds: 60);
        cluster.Ffmpeg.Open();

        await cluster.IsDoneOnceAsync(id);
        Assert.NotEmpty(cluster.Silos);
        Assert.True(silos == 2 || owner.HasExited, "The larger side left.");
    }

    [Fact]
    public async Task A_gateway_that_reaches_no_silo_says_so_and_serves_again_when_it_does()
    {
        using var network = new TestNetwork(2);
        await using var cluster = await ProcessCluster.StartAsync(new Workplace(media), network.Here, network.Gateway(2), network.Silo(3));
        var id = await cluster.SubmitAsync(cluster.FreshScript());
        network.Part(2, 3);

        var refused = await cluster.Gateway.Http.RunAsync($"/jobs/{id}");
        Assert.True(refused is { Status: 503, Code: "store_unavailable" } && refused.Headers.ContainsKey("retry-after"), $"{refused.Status} {refused.Text}\n{cluster.Log}");
        network.Mend(2, 3);

        await cluster.AnswersAsync();
        await cluster.IsDoneOnceAsync(id);
    }

    [Theory]
    [InlineData(LinkState.BlackHole)]
    [InlineData(LinkState.Cut)]
    public async Task A_silo_that_alone_is_cut_from_the_store_leaves_and_its_job_goes_on_elsewhere(object state)
    {
        await using var cluster = await ProcessCluster.StartAsync(new Workplace(media), silos: 1);
        await using var link = new FaultProxy("127.0.0.1", cluster.Redis.Port);
        var behind = (await cluster.StartSilosAsync(1, new RoleStart { Redis = link.Connection }))[0];
        cluster.Ffmpeg.Close(Step.Segment, after: 1);
        var id = await cluster.SubmitAsync(cluster.FreshScript());
        await Eventually.HoldsAsync(() => cluster.Ffmpeg.RunsOf(Step.Segment).Count > 1, () => cluster.Log);

        link.Become((LinkState)state);
        await Eventually.HoldsAsync(() => behind.Log.Contains("but answers others", StringComparison.Ordinal) || behind.HasExited, () => cluster.Log);
        cluster.Ffmpeg.Open();
        var code = await behind.EndAsync();

        Assert.NotEqual(0, code);
        Assert.DoesNotContain(cluster.Ffmpeg.Runs, run => run.Parent == behind.Id && run.Alive);
        await cluster.IsDoneOnceAsync(id);
    }

    [Fact]
    public async Task A_slow_store_fails_no_job()
    {
        await using var cluster = await ProcessCluster.StartAsync(new Workplace(media), silos: 1);
        await using var link = new FaultProxy("127.0.0.1", cluster.Redis.Port) { Latency = TimeSpan.FromMilliseconds(50) };
        var before = cluster.Silos[0];
        await cluster.StartSilosAsync(1, new RoleStart { Redis = link.Connection });
        Assert.Equal(0, await before.StopAsync());
        await cluster.AnswersAsync();

        var id = await cluster.SubmitAsync(cluster.FreshScript());
        link.Reset();

        await cluster.IsDoneOnceAsync(id);
    }

    private static IEnumerable<int> Hosts(int count) => Enumerable.Range(2, count);

    // Silos are s1, s2 and so on, in the order of their hosts.
    private static int HostOf(RoleProcess silo) => silo.Name[1] - '0' + 1;
}
