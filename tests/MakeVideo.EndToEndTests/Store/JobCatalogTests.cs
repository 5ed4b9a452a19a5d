using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using MakeVideo.Grains.Jobs;
using StackExchange.Redis;

namespace MakeVideo.EndToEndTests.Store;

/// <summary>The index of jobs on the embedded store.</summary>
public sealed class JobCatalogTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("makevideo-catalog-").FullName;
    private StoreProcess _store = null!;
    private ConnectionMultiplexer _redis = null!;
    private JobCatalog _catalog = null!;

    public async ValueTask InitializeAsync()
    {
        _store = await StoreProcess.StartAsync(_folder);
        _redis = await _store.ConnectAsync();
        _catalog = new(_redis, new ClusterSettings { Redis = "", Data = new(_folder) }, new StoreClock(TimeProvider.System));
    }

    public async ValueTask DisposeAsync()
    {
        await _redis.DisposeAsync();
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Pages_have_every_job_once_in_one_order_whatever_comes_and_goes_meanwhile()
    {
        // Three in each millisecond: their order is that of their ids.
        var jobs = Enumerable.Range(0, 60).Select(i => Job(at: Noon.AddMilliseconds(i / 3))).ToList();
        await Task.WhenAll(jobs.Select(job => _catalog.FileAsync(job, JobStatus.Queued)));
        var expected = jobs.OrderByDescending(job => job.CreatedAt).ThenByDescending(job => job.JobId, StringComparer.Ordinal).Select(job => job.JobId).ToList();

        var seen = new List<string>();
        JobCursor? after = null;
        do
        {
            var page = await _catalog.FindAsync(new() { Limit = 7, After = after });
            seen.AddRange(page.Ids);
            after = page.Next;
            await _catalog.FileAsync(Job(at: Noon.AddHours(1)), JobStatus.Queued);
            await _catalog.RemoveAsync(page.Ids[^1]);
        }
        while (after is not null);

        Assert.Equal(expected, seen);
        Assert.Null((await _catalog.FindAsync(new() { Limit = 500 })).Next);
    }

    [Fact]
    public async Task A_list_is_of_an_owner_a_status_a_time_and_a_text()
    {
        var (mine, old, other, nobodys) = (Job("ann", "City at Night"), Job("ann", "harbour", Noon.AddDays(-1)), Job("bob", "city"), Job(null, "city"));
        foreach (var job in new[] { mine, old, other, nobodys })
        {
            await _catalog.AddAsync(job);
        }

        await _catalog.FileAsync(old, JobStatus.AnalyzingAudio, JobStatus.Queued, owner: "s1");
        await _catalog.FileAsync(old, JobStatus.Completed, JobStatus.FinalComposition, lost: "s1");

        await HasAsync(new() { Owner = "ann" }, mine, old);
        await HasAsync(new() { Owner = "bob" }, other);
        await HasAsync(new() { Owner = "cay" });
        await HasAsync(new(), mine, other, nobodys, old);
        await HasAsync(new() { Owner = "ann", Status = JobStatus.Completed }, old);
        await HasAsync(new() { Owner = "ann", Status = JobStatus.Queued }, mine);
        await HasAsync(new() { Text = "CITY" }, mine, other, nobodys);
        await HasAsync(new() { Since = Noon }, mine, other, nobodys);
        await HasAsync(new() { Until = Noon }, old);
        Assert.Equal((1, 0), (await _catalog.UnfinishedAsync("ann"), await _catalog.UnfinishedAsync("cay")));
        Assert.Equal((mine.JobId, null), (await _catalog.WithAudioAsync("ann", mine.AudioSha256), await _catalog.WithAudioAsync("bob", mine.AudioSha256)));

        await _catalog.RemoveAsync(mine.JobId);
        await HasAsync(new() { Owner = "ann" }, old);
        Assert.Null(await _catalog.WithAudioAsync("ann", mine.AudioSha256));
        await _catalog.QuarantineAsync(old.JobId, Noon);
        await HasAsync(new() { Owner = "ann", Status = JobStatus.DeadLettered }, old);
        Assert.True(await _catalog.IsOwnedAsync(old.JobId, "ann"));
        Assert.False(await _catalog.IsOwnedAsync(old.JobId, "bob"));
    }

    private async Task HasAsync(JobQuery query, params JobRequest[] jobs) => Assert.Equal(jobs.Select(job => job.JobId).Order(), (await _catalog.FindAsync(query)).Ids.Order());

    private static JobRequest Job(string? owner = null, string query = "city", DateTimeOffset? at = null)
    {
        var id = JobIds.Create();
        return new() { JobId = id, AudioSha256 = id.PadRight(64, '0'), Query = query, Owner = owner, CreatedAt = at ?? Noon };
    }
}
