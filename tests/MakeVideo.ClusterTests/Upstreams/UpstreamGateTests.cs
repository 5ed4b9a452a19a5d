using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using MakeVideo.Grains.Upstreams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;
using Orleans.TestingHost;

namespace MakeVideo.ClusterTests.Upstreams;

/// <summary>Two silos, one upstream.</summary>
public sealed class UpstreamGateTests : IAsyncLifetime
{
    private const string Name = "video-downloader";
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(30);
    private static readonly UpstreamLimits Limits = new(Concurrency: 2, Failures: 3, OpenSeconds: 60, ProbeSeconds: 8);

    private readonly FakeTimeProvider _clock = new();
    private InProcessTestCluster _cluster = null!;
    private IUpstreamGate _one = null!;
    private IUpstreamGate _other = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMemoryGrainStorageAsDefault();
            silo.AddMakeVideoGrains();
            silo.Services.AddSingleton(new ClusterSettings { Redis = "none", Data = new("/nowhere") });
            silo.Services.AddSingleton(new WorkOptions());
            silo.Services.AddSingleton<TimeProvider>(_clock);
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
        (_one, _other) = (Gate(0), Gate(1));
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Permits_are_shared_and_those_of_a_silo_that_died_come_back_by_themselves()
    {
        var first = await EnterAsync(_one);
        Assert.Equal(UpstreamDoor.Go, (await EnterAsync(_other)).Door);
        Assert.Equal(UpstreamDoor.Wait, (await EnterAsync(_one)).Door);

        // The first is given back; nobody ever leaves with the second.
        await _one.LeaveAsync(Name, first.Permit!, new(UpstreamVerdict.Answered));
        Assert.Equal(UpstreamDoor.Go, (await EnterAsync(_other)).Door);
        Assert.Equal(UpstreamDoor.Wait, (await EnterAsync(_other)).Door);
        _clock.Advance(Lasts + TimeSpan.FromSeconds(1));

        Assert.Equal(UpstreamDoor.Go, (await EnterAsync(_one)).Door);
    }

    [Fact]
    public async Task A_breaker_that_one_silo_opened_is_open_for_the_other_and_lets_one_probe_out()
    {
        for (var failure = 0; failure < 3; failure++)
        {
            await _one.LeaveAsync(Name, (await EnterAsync(_one)).Permit!, new(UpstreamVerdict.Failed));
        }

        var closed = await EnterAsync(_other);
        Assert.Equal((UpstreamDoor.Broken, TimeSpan.FromSeconds(60)), (closed.Door, closed.RetryIn));
        _clock.Advance(TimeSpan.FromSeconds(61));
        var probe = await EnterAsync(_other);
        Assert.Equal((UpstreamDoor.Go, UpstreamDoor.Broken), (probe.Door, (await EnterAsync(_one)).Door));

        await _other.LeaveAsync(Name, probe.Permit!, new(UpstreamVerdict.Answered));
        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(UpstreamDoor.Go, (await EnterAsync(_one)).Door);
    }

    [Fact]
    public async Task What_an_upstream_asked_of_one_silo_is_kept_by_all_and_through_a_move_of_the_gate()
    {
        await _one.LeaveAsync(Name, (await EnterAsync(_one)).Permit!, new(UpstreamVerdict.Throttled, TimeSpan.FromSeconds(40)));
        await _cluster.Client.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero, TestContext.Current.CancellationToken);

        Assert.Equal((UpstreamDoor.Throttled, TimeSpan.FromSeconds(40)), await DoorAsync(_other));
        _clock.Advance(TimeSpan.FromSeconds(41));

        Assert.Equal(UpstreamDoor.Go, (await EnterAsync(_other)).Door);
    }

    [Fact]
    public async Task A_gate_that_cannot_be_asked_stops_nobody_and_keeps_what_it_said_last()
    {
        var alone = new ClusterUpstreamGate(Unreachable.Create(), _clock);

        var entry = await EnterAsync(alone);
        Assert.Equal(UpstreamDoor.Go, entry.Door);
        await alone.RenewAsync(Name, entry.Permit!, Lasts);
        Assert.Equal((UpstreamDoor.Go, UpstreamDoor.Wait), ((await EnterAsync(alone)).Door, (await EnterAsync(alone)).Door));
        await alone.LeaveAsync(Name, entry.Permit!, new(UpstreamVerdict.Throttled, TimeSpan.FromSeconds(20)));
        await alone.LeaveAsync(Name, "a permit of the cluster", new(UpstreamVerdict.Answered));

        Assert.Equal((UpstreamDoor.Throttled, TimeSpan.FromSeconds(20)), await DoorAsync(alone));
    }

    private IUpstreamGate Gate(int silo) => _cluster.GetSiloServiceProvider(_cluster.Silos[silo].SiloAddress).GetRequiredService<IUpstreamGate>();

    private static async Task<(UpstreamDoor Door, TimeSpan RetryIn)> DoorAsync(IUpstreamGate gate) => await EnterAsync(gate) is var entry ? (entry.Door, entry.RetryIn) : default;

    private static async Task<UpstreamEntry> EnterAsync(IUpstreamGate gate) => await gate.EnterAsync(Name, Limits, Lasts, TestContext.Current.CancellationToken);
}
