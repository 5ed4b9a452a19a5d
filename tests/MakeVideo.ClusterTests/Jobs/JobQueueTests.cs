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
    private const int Slots = 2;

    private IJobQueueGrain _queue = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMemoryGrainStorageAsDefault();
            silo.AddMakeVideoGrains();
            silo.Services.AddSingleton(new ClusterSettings { Redis = "none", Data = new("/nowhere") });
            silo.Services.AddSingleton(new WorkOptions { Slots = Slots, ActiveJobs = 2 });
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
        Assert.True(await AskAsync("a", 0, 1));
        Assert.True(await AskAsync("b", 0, 2));
        Assert.False(await AskAsync("d", 0, 4));
        Assert.False(await AskAsync("c", 0, 3));
        await _queue.LeaveAsync("a");

        Assert.False(await AskAsync("d", 0, 4));
        Assert.True(await AskAsync("c", 0, 3));
        Assert.True(await AskAsync("b", 0, 2));
    }

    [Fact]
    public async Task Priority_goes_before_age()
    {
        Assert.True(await AskAsync("a", 0, 1));
        Assert.True(await AskAsync("b", 0, 2));
        Assert.False(await AskAsync("old", 0, 3));
        Assert.False(await AskAsync("urgent", 1, 4));
        await _queue.LeaveAsync("a");

        Assert.False(await AskAsync("old", 0, 3));
        Assert.True(await AskAsync("urgent", 1, 4));
    }

    [Fact]
    public async Task A_job_that_died_gives_up_its_place_after_twenty_seconds_and_one_that_asks_keeps_it()
    {
        Assert.True(await AskAsync("dies", 0, 1));
        Assert.True(await AskAsync("lives", 0, 2));
        _clock.Advance(TimeSpan.FromSeconds(15));
        Assert.True(await AskAsync("lives", 0, 2));
        Assert.False(await AskAsync("waits", 0, 3));
        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.True(await AskAsync("waits", 0, 3));
        Assert.True(await AskAsync("lives", 0, 2));
        Assert.False(await AskAsync("another", 0, 4));
    }

    [Fact]
    public async Task As_many_from_the_front_of_the_line_as_there_are_places_may_work_whichever_asks_first()
    {
        Assert.True(await AskAsync("a", 0, 1));
        Assert.True(await AskAsync("b", 0, 2));
        Assert.False(await AskAsync("c", 0, 3));
        Assert.False(await AskAsync("d", 0, 4));
        Assert.False(await AskAsync("e", 0, 5));
        await _queue.LeaveAsync("a");
        await _queue.LeaveAsync("b");

        Assert.False(await AskAsync("e", 0, 5));
        Assert.True(await AskAsync("d", 0, 4));
        Assert.False(await AskAsync("e", 0, 5));
        Assert.True(await AskAsync("c", 0, 3));
    }

    /// <summary>Two places; each job works for 60 s. Every job asks every 5 s, as jobs do.</summary>
    [Fact]
    public async Task An_owner_with_two_jobs_waits_at_most_one_jobs_length_for_one_with_two_hundred()
    {
        var asks = Enumerable.Range(0, 200).Select(i => new TurnAsk($"ann-{i}", "ann", 0, i, 60, SecondsLeft: 90)).ToList();
        var began = new Dictionary<string, double>();
        var done = new HashSet<string>();
        for (var now = 0.0; began.Count(job => job.Key.StartsWith("bob", StringComparison.Ordinal)) < 2; now += 5)
        {
            Assert.True(now < 600, "bob waits for ever.");
            if (now == 30)
            {
                asks.AddRange(Enumerable.Range(0, 2).Select(i => new TurnAsk($"bob-{i}", "bob", 0, 1000 + i, 60, SecondsLeft: 90)));
            }

            foreach (var (job, start) in began.Where(job => now - job.Value >= 60 && done.Add(job.Key)))
            {
                await _queue.LeaveAsync(job);
            }

            foreach (var ask in asks.Where(ask => !done.Contains(ask.JobId)))
            {
                if (await _queue.AskAsync(ask) is not null)
                {
                    began.TryAdd(ask.JobId, now);
                }
            }

            _clock.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.All(["bob-0", "bob-1"], job => Assert.InRange(began[job] - 30, 0, 60));
        TestContext.Current.TestOutputHelper?.WriteLine($"bob's jobs began {began["bob-0"] - 30} and {began["bob-1"] - 30} s after they were sent, behind {200 - began.Count + 2} of ann's");

        var load = await _queue.LoadAsync();
        Assert.Equal((2, 2), (load.Working, load.Owners));

        // Each job needs 90 s of the slots.
        Assert.Equal((load.Waiting * 90.0 / Slots, load.Working * 90.0 / Slots), (load.WaitingSeconds, load.WorkingSeconds));
    }

    private async Task<bool> AskAsync(string job, int priority, long age) => await _queue.AskAsync(new(job, null, priority, age, 60)) is not null;
}
