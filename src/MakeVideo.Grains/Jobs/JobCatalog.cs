using System.Collections.Immutable;
using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using Orleans.Concurrency;
using StackExchange.Redis;

namespace MakeVideo.Grains.Jobs;

/// <summary>
/// The index of jobs in Redis: sorted sets by time (one for all, one for each kind of status), the last sign of life of each active job, and
/// which silo owns which jobs. The grains' own states are the truth; this can be lost and is filled again as jobs go on.
/// </summary>
internal sealed class JobCatalog(IConnectionMultiplexer redis, ClusterSettings settings, StoreClock clock)
{
    private const string Working = "working";

    private static readonly string[] Groups = [.. Enum.GetValues<JobStatus>().Select(GroupOf).Distinct()];
    private static readonly string[] Active = [GroupOf(JobStatus.Queued), Working, GroupOf(JobStatus.Parked)];

    private IDatabase Store => redis.GetDatabase();

    /// <summary>Files a job under its status, and under the silo that owns it. Safe to repeat.</summary>
    /// <param name="jobId">Which.</param>
    /// <param name="status">Where it stands now.</param>
    /// <param name="createdAt">Its place in every list.</param>
    /// <param name="before">Where it stood; null when that is not sure, and it is taken out of everywhere else.</param>
    /// <param name="owner">The silo that owns it from now on.</param>
    /// <param name="lost">A silo that owns it no more.</param>
    public Task FileAsync(string jobId, JobStatus status, DateTimeOffset createdAt, JobStatus? before = null, string? owner = null, string? lost = null)
    {
        var score = createdAt.ToUnixTimeMilliseconds();
        var (group, was) = (GroupOf(status), before is { } known ? GroupOf(known) : null);
        var move = Store.CreateTransaction();
        foreach (var other in was is null ? Groups.Where(other => other != group) : was == group ? [] : new[] { was })
        {
            _ = move.SortedSetRemoveAsync(Of(other), jobId);
        }

        if (was != group)
        {
            _ = move.SortedSetAddAsync(All, jobId, score);
            _ = move.SortedSetAddAsync(Of(group), jobId, score);
        }

        if (owner is not null)
        {
            _ = move.SetAddAsync(OwnedBy(owner), jobId);
        }

        if (lost is not null && lost != owner)
        {
            _ = move.SetRemoveAsync(OwnedBy(lost), jobId);
        }

        _ = Active.Contains(group) ? move.SortedSetAddAsync(Beats, jobId, clock.Now.ToUnixTimeMilliseconds()) : move.SortedSetRemoveAsync(Beats, jobId) as Task;
        return move.ExecuteAsync();
    }

    /// <summary>A sign of life.</summary>
    public Task BeatAsync(string jobId) => Store.SortedSetAddAsync(Beats, jobId, clock.Now.ToUnixTimeMilliseconds());

    /// <summary>The last sign of life; null when none is on record.</summary>
    public async Task<DateTimeOffset?> LastSeenAsync(string jobId) =>
        await Store.SortedSetScoreAsync(Beats, jobId) is { } score ? DateTimeOffset.FromUnixTimeMilliseconds((long)score) : null;

    /// <summary>Notes that a silo owns a job no more.</summary>
    public Task DisownAsync(string jobId, string silo) => Store.SetRemoveAsync(OwnedBy(silo), jobId);

    /// <summary>The jobs that a silo owned when it was last heard of.</summary>
    public async Task<ImmutableArray<string>> OwnedAsync(string silo) => [.. (await Store.SetMembersAsync(OwnedBy(silo))).Select(id => id.ToString())];

    /// <summary>A dead silo owns nothing for long: those it owned have been woken, and what it still lists are ends that nobody noted.</summary>
    public Task ForgetOwnerAsync(string silo) => Store.KeyExpireAsync(OwnedBy(silo), TimeSpan.FromHours(1));

    /// <summary>Removes every trace of a job.</summary>
    public Task RemoveAsync(string jobId)
    {
        var drop = Store.CreateTransaction();
        foreach (var set in Groups.Select(Of).Append(All).Append(Beats))
        {
            _ = drop.SortedSetRemoveAsync(set, jobId);
        }

        return drop.ExecuteAsync();
    }

    /// <summary>Ids, newest first. Statuses of work are one set: a list of one stage holds jobs of others too.</summary>
    public async Task<ImmutableArray<string>> ListAsync(JobStatus? status, int limit) =>
        [.. (await Store.SortedSetRangeByRankAsync(status is { } one ? Of(GroupOf(one)) : All, 0, limit - 1, Order.Descending)).Select(id => id.ToString())];

    /// <summary>How many jobs there are of each kind of status: <c>queued</c>, <c>working</c>, <c>parked</c>, <c>completed</c>...</summary>
    public async Task<ImmutableDictionary<string, long>> CountAsync()
    {
        var counts = await Task.WhenAll(Groups.Select(group => Store.SortedSetLengthAsync(Of(group))));
        return Groups.Zip(counts).ToImmutableDictionary(pair => pair.First, pair => pair.Second);
    }

    /// <summary>Jobs that have work left and have been silent for so long, oldest first. A parked job is silent by right until its time comes, but beats all the same.</summary>
    public async Task<ImmutableArray<OrphanedJob>> SilentAsync(TimeSpan silence)
    {
        var now = clock.Now;
        var active = (await Task.WhenAll(Active.Select(group => Store.SortedSetRangeByRankWithScoresAsync(Of(group))))).SelectMany(entries => entries);
        var beats = (await Store.SortedSetRangeByRankWithScoresAsync(Beats)).ToDictionary(entry => entry.Element.ToString(), entry => entry.Score);
        return
        [
            .. active.OrderBy(entry => entry.Score)
                .Select(entry => new OrphanedJob(entry.Element.ToString(), DateTimeOffset.FromUnixTimeMilliseconds((long)beats.GetValueOrDefault(entry.Element.ToString(), entry.Score))))
                .Where(job => now - job.LastSeen >= silence),
        ];
    }

    private static string GroupOf(JobStatus status) =>
        status is JobStatus.Queued or JobStatus.Parked or >= JobStatus.Completed ? ApiNames.Of(status) : Working;

    private RedisKey All => $"{settings.ServiceId}/jobs/all";

    private RedisKey Beats => $"{settings.ServiceId}/jobs/beats";

    private RedisKey Of(string group) => $"{settings.ServiceId}/jobs/{group}";

    private RedisKey OwnedBy(string silo) => $"{settings.ServiceId}/owned/{silo}";
}

/// <summary>The index for clients of the cluster, who see no Redis.</summary>
[StatelessWorker, GrainType("job-catalog")]
internal sealed class JobCatalogGrain(JobCatalog catalog) : Grain, IJobCatalogGrain
{
    public Task<ImmutableArray<string>> ListAsync(JobStatus? status, int limit) => catalog.ListAsync(status, Math.Clamp(limit, 1, 500));

    public Task<ImmutableArray<OrphanedJob>> OrphanedAsync(TimeSpan silence) => catalog.SilentAsync(silence);
}
