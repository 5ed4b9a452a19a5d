using System.Collections.Immutable;
using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using StackExchange.Redis;

namespace MakeVideo.Grains.Jobs;

/// <summary>
/// The index of jobs in Redis: sorted sets by time (one for all, one for each kind of status, and the same again for each owner), the last sign
/// of life of each active job, and which silo owns which jobs. The grains' own states are the truth; this can be lost and is filled again as jobs
/// go on. Lists are read in <c>JobCatalog.Lists.cs</c>.
/// </summary>
internal sealed partial class JobCatalog(IConnectionMultiplexer redis, ClusterSettings settings, StoreClock clock)
{
    private const string Working = "working";
    private const string Any = "all";

    private static readonly string[] Groups = [.. Enum.GetValues<JobStatus>().Select(GroupOf).Distinct()];
    private static readonly string[] Active = [GroupOf(JobStatus.Queued), Working, GroupOf(JobStatus.Parked)];

    private IDatabase Store => redis.GetDatabase();

    /// <summary>Files a new job, as queued.</summary>
    public Task AddAsync(JobRequest job)
    {
        var add = Store.CreateTransaction();
        Describe(add, job);
        foreach (var list in ListsOf(job.Owner))
        {
            _ = add.SortedSetAddAsync(Of(GroupOf(JobStatus.Queued), list), job.JobId, job.CreatedAt.ToUnixTimeMilliseconds());
        }

        _ = add.SortedSetAddAsync(Beats, job.JobId, clock.Now.ToUnixTimeMilliseconds());
        return add.ExecuteAsync();
    }

    /// <summary>Files a job under its status, and under the silo that owns it. Safe to repeat.</summary>
    /// <param name="job">Which.</param>
    /// <param name="status">Where it stands now.</param>
    /// <param name="before">Where it stood; null when that is not sure, and it is taken out of everywhere else and described anew.</param>
    /// <param name="owner">The silo that owns it from now on.</param>
    /// <param name="lost">A silo that owns it no more.</param>
    public Task FileAsync(JobRequest job, JobStatus status, JobStatus? before = null, string? owner = null, string? lost = null)
    {
        var (group, was) = (GroupOf(status), before is { } known ? GroupOf(known) : null);
        var move = Store.CreateTransaction();
        if (was != group)
        {
            Move(move, job.JobId, job.Owner, job.CreatedAt, group, was);
        }

        if (was is null)
        {
            Describe(move, job);
        }

        if (owner is not null)
        {
            _ = move.SetAddAsync(OwnedBy(owner), job.JobId);
        }

        if (lost is not null && lost != owner)
        {
            _ = move.SetRemoveAsync(OwnedBy(lost), job.JobId);
        }

        _ = Active.Contains(group) ? move.SortedSetAddAsync(Beats, job.JobId, clock.Now.ToUnixTimeMilliseconds()) : move.SortedSetRemoveAsync(Beats, job.JobId) as Task;
        return move.ExecuteAsync();
    }

    /// <summary>Files a job whose state cannot be read under those that were given up; whose it is, the index still knows.</summary>
    public async Task QuarantineAsync(string jobId, DateTimeOffset now)
    {
        var facts = await FactsAsync(jobId);
        var move = Store.CreateTransaction();
        Move(move, jobId, facts.Owner, now, GroupOf(JobStatus.DeadLettered), was: null);
        Describe(move, jobId, facts, now);
        _ = move.SortedSetRemoveAsync(Beats, jobId);
        await move.ExecuteAsync();
    }

    private void Move(ITransaction move, string jobId, string? whose, DateTimeOffset createdAt, string group, string? was)
    {
        foreach (var list in ListsOf(whose))
        {
            foreach (var other in was is null ? Groups.Where(other => other != group) : [was])
            {
                _ = move.SortedSetRemoveAsync(Of(other, list), jobId);
            }

            _ = move.SortedSetAddAsync(Of(group, list), jobId, createdAt.ToUnixTimeMilliseconds());
        }
    }

    /// <summary>What of a job does not change with its status: that it is there, and its facts.</summary>
    private void Describe(ITransaction move, JobRequest job)
    {
        Describe(move, job.JobId, JobFacts.Of(job), job.CreatedAt);
        _ = move.SetAddAsync(WithAudio(job.Owner, job.AudioSha256), job.JobId);
    }

    private void Describe(ITransaction move, string jobId, JobFacts facts, DateTimeOffset createdAt)
    {
        foreach (var list in ListsOf(facts.Owner))
        {
            _ = move.SortedSetAddAsync(Of(Any, list), jobId, createdAt.ToUnixTimeMilliseconds());
        }

        _ = move.HashSetAsync(Facts, jobId, facts.Bytes());
    }

    /// <summary>Everybody's, and the owner's own.</summary>
    private static string?[] ListsOf(string? owner) => owner is null ? [null] : [null, owner];

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
    public async Task RemoveAsync(string jobId)
    {
        var facts = await FactsAsync(jobId);
        var drop = Store.CreateTransaction();
        foreach (var group in Groups.Append(Any))
        {
            _ = drop.SortedSetRemoveAsync(Of(group), jobId);
            _ = facts.Owner is null ? null : drop.SortedSetRemoveAsync(Of(group, facts.Owner), jobId);
        }

        _ = drop.SortedSetRemoveAsync(Beats, jobId);
        _ = drop.SetRemoveAsync(WithAudio(facts.Owner, facts.Audio), jobId);
        _ = drop.HashDeleteAsync(Facts, jobId);
        await drop.ExecuteAsync();
    }

    /// <summary>How many jobs there are of each kind of status: <c>queued</c>, <c>working</c>, <c>parked</c>, <c>completed</c>...</summary>
    public async Task<ImmutableDictionary<string, long>> CountAsync()
    {
        var counts = await Task.WhenAll(Groups.Select(group => Store.SortedSetLengthAsync(Of(group))));
        return Groups.Zip(counts).ToImmutableDictionary(pair => pair.First, pair => pair.Second);
    }

    /// <summary>How many jobs there are, how many of them nobody seems to work on, and how long the oldest has been in line.</summary>
    /// <param name="silence">After which a job that has work left is taken for left.</param>
    /// <param name="at">When the look is said to be.</param>
    public async Task<JobCensus> TakeCensusAsync(TimeSpan silence, DateTimeOffset at)
    {
        var (counts, silent, parked) = (CountAsync(), SilentAsync(silence), Store.SortedSetRangeByRankAsync(Of(GroupOf(JobStatus.Parked))));
        var oldest = Store.SortedSetRangeByRankWithScoresAsync(Of(GroupOf(JobStatus.Queued)), 0, 0);
        await Task.WhenAll(counts, silent, parked, oldest);
        var waiting = (await parked).Select(id => id.ToString()).ToHashSet();
        var age = (await oldest) is [var first] ? clock.Now - DateTimeOffset.FromUnixTimeMilliseconds((long)first.Score) : TimeSpan.Zero;
        return new(at, await counts, (await silent).Count(job => !waiting.Contains(job.JobId)), age > TimeSpan.Zero ? age : TimeSpan.Zero);
    }

    private static string GroupOf(JobStatus status) =>
        status is JobStatus.Queued or JobStatus.Parked or >= JobStatus.Completed ? ApiNames.Of(status) : Working;

    private RedisKey Beats => $"{settings.ServiceId}/jobs/beats";

    private RedisKey Facts => $"{settings.ServiceId}/jobs/facts";

    /// <summary>The jobs of a kind; of one owner, if one is named.</summary>
    private RedisKey Of(string group, string? owner = null) => owner is null ? $"{settings.ServiceId}/jobs/{group}" : $"{settings.ServiceId}/owners/{owner}/{group}";

    private RedisKey WithAudio(string? owner, string sha256) => $"{settings.ServiceId}/audio/{owner}/{sha256}";

    private RedisKey OwnedBy(string silo) => $"{settings.ServiceId}/owned/{silo}";
}
