using System.Collections.Immutable;
using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using Orleans.Concurrency;
using StackExchange.Redis;

namespace MakeVideo.Grains.Jobs;

/// <summary>The index of jobs in Redis: sorted sets by time, one for all, one for each status. The grains' own states are the truth.</summary>
internal sealed class JobCatalog(IConnectionMultiplexer redis, ClusterSettings settings)
{
    private IDatabase Store => redis.GetDatabase();

    /// <summary>Files a job under its status. Safe to repeat.</summary>
    public async Task FileAsync(string jobId, JobStatus status, DateTimeOffset createdAt)
    {
        var score = createdAt.ToUnixTimeMilliseconds();
        var move = Store.CreateTransaction();
        _ = move.SortedSetAddAsync(All, jobId, score);
        foreach (var other in Enum.GetValues<JobStatus>().Where(other => other != status))
        {
            _ = move.SortedSetRemoveAsync(Of(other), jobId);
        }

        _ = move.SortedSetAddAsync(Of(status), jobId, score);
        await move.ExecuteAsync();
    }

    public async Task RemoveAsync(string jobId)
    {
        var drop = Store.CreateTransaction();
        _ = drop.SortedSetRemoveAsync(All, jobId);
        foreach (var status in Enum.GetValues<JobStatus>())
        {
            _ = drop.SortedSetRemoveAsync(Of(status), jobId);
        }

        await drop.ExecuteAsync();
    }

    /// <summary>Ids, newest first.</summary>
    public async Task<ImmutableArray<string>> ListAsync(JobStatus? status, int limit) =>
        [.. (await Store.SortedSetRangeByRankAsync(status is { } one ? Of(one) : All, 0, limit - 1, Order.Descending)).Select(id => id.ToString())];

    /// <summary>Ids of all jobs that have work left, oldest first.</summary>
    public async Task<ImmutableArray<string>> ActiveAsync()
    {
        var active = Enum.GetValues<JobStatus>().Where(status => status < JobStatus.Completed || status is JobStatus.Parked);
        var found = await Task.WhenAll(active.Select(status => Store.SortedSetRangeByRankWithScoresAsync(Of(status))));
        return [.. found.SelectMany(entries => entries).OrderBy(entry => entry.Score).Select(entry => entry.Element.ToString()).Distinct()];
    }

    private RedisKey All => $"{settings.ServiceId}/jobs/all";

    private RedisKey Of(JobStatus status) => $"{settings.ServiceId}/jobs/{status}";
}

/// <summary>The index for clients of the cluster, who see no Redis.</summary>
[StatelessWorker, GrainType("job-catalog")]
internal sealed class JobCatalogGrain(JobCatalog catalog) : Grain, IJobCatalogGrain
{
    public Task<ImmutableArray<string>> ListAsync(JobStatus? status, int limit) => catalog.ListAsync(status, Math.Clamp(limit, 1, 500));
}
