using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.TestingHost;

namespace MakeVideo.ClusterTests.Jobs;

public sealed class JobQueueTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new();
    private InProcessTestCluster _cluster = null!;
    private IJobQueueGrain _queue = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMemoryGrainStorageAsDefault();
            silo.AddMakeVideoGrains();
            silo.Services.AddSingleton(new WorkOptions { ActiveJobs = 2 });
            silo.Services.AddSingleton<TimeProvider>(_clock);
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
        _queue = _cluster.Client.GetGrain<IJobQueueGrain>(0);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task No_more_jobs_work_than_are_allowed_and_the_oldest_is_next()
    {
        Assert.True(await _queue.AskAsync("a", 0, 1));
        Assert.True(await _queue.AskAsync("b", 0, 2));
        Assert.False(await _queue.AskAsync("d", 0, 4));
        Assert.False(await _queue.AskAsync("c", 0, 3));
        await _queue.LeaveAsync("a");

        Assert.False(await _queue.AskAsync("d", 0, 4));
        Assert.True(await _queue.AskAsync("c", 0, 3));
        Assert.True(await _queue.AskAsync("b", 0, 2));
    }

    [Fact]
    public async Task Priority_goes_before_age()
    {
        Assert.True(await _queue.AskAsync("a", 0, 1));
        Assert.True(await _queue.AskAsync("b", 0, 2));
        Assert.False(await _queue.AskAsync("old", 0, 3));
        Assert.False(await _queue.AskAsync("urgent", 1, 4));
        await _queue.LeaveAsync("a");

        Assert.False(await _queue.AskAsync("old", 0, 3));
        Assert.True(await _queue.AskAsync("urgent", 1, 4));
    }

    [Fact]
    public async Task A_job_that_died_gives_up_its_place_after_twenty_seconds_and_one_that_asks_keeps_it()
    {
        Assert.True(await _queue.AskAsync("dies", 0, 1));
        Assert.True(await _queue.AskAsync("lives", 0, 2));
        _clock.Advance(TimeSpan.FromSeconds(15));
        Assert.True(await _queue.AskAsync("lives", 0, 2));
        Assert.False(await _queue.AskAsync("waits", 0, 3));
        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.True(await _queue.AskAsync("waits", 0, 3));
        Assert.True(await _queue.AskAsync("lives", 0, 2));
        Assert.False(await _queue.AskAsync("another", 0, 4));
    }

    [Fact]
    public async Task As_many_from_the_front_of_the_line_as_there_are_places_may_work_whichever_asks_first()
    {
        Assert.True(await _queue.AskAsync("a", 0, 1));
        Assert.True(await _queue.AskAsync("b", 0, 2));
        Assert.False(await _queue.AskAsync("c", 0, 3));
        Assert.False(await _queue.AskAsync("d", 0, 4));
        Assert.False(await _queue.AskAsync("e", 0, 5));
        await _queue.LeaveAsync("a");
        await _queue.LeaveAsync("b");

        Assert.False(await _queue.AskAsync("e", 0, 5));
        Assert.True(await _queue.AskAsync("d", 0, 4));
        Assert.False(await _queue.AskAsync("e", 0, 5));
        Assert.True(await _queue.AskAsync("c", 0, 3));
    }
}
