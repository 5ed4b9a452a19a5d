using System.Collections.Immutable;
using MakeVideo.Contracts;
using Orleans.Concurrency;
using StackExchange.Redis;

namespace MakeVideo.Grains.Jobs;

internal sealed partial class JobCatalog
{
    /// <summary>Entries read at a time.</summary>
    private const int Chunk = 500;

    /// <summary>Entries looked at for one page: a text that nothing has must not read the whole index in one call.</summary>
    private const int MostLooked = 5000;

    /// <summary>Ids, newest first. Statuses of work are one set: a list of one stage holds jobs of others too.</summary>
    public async Task<ImmutableArray<string>> ListAsync(JobStatus? status, int limit) =>
        [.. (await Store.SortedSetRangeByRankAsync(Of(status is { } one ? GroupOf(one) : Any), 0, limit - 1, Order.Descending)).Select(id => id.ToString())];

    /// <summary>A page of ids, newest first: by the index of the owner, the status and the time; a text is looked for in what the index knows of each.</summary>
    public async Task<JobPage> FindAsync(JobQuery query)
    {
        var list = Of(query.Status is { } status ? GroupOf(status) : Any, query.Owner);
        var oldest = query.Since?.ToUnixTimeMilliseconds() ?? double.NegativeInfinity;
        var newest = Math.Min(query.Until?.ToUnixTimeMilliseconds() - 1 ?? double.PositiveInfinity, query.After?.CreatedAt ?? double.PositiveInfinity);
        var ids = ImmutableArray.CreateBuilder<string>();
        JobCursor? last = null;
        for (var looked = 0; looked < MostLooked; looked += Chunk)
        {
            var entries = await Store.SortedSetRangeByScoreWithScoresAsync(list, oldest, newest, Exclude.None, Order.Descending, looked, Chunk);
            var ahead = entries.Select(entry => new JobCursor((long)entry.Score, entry.Element.ToString())).Where(place => IsAfter(place, query.After)).ToList();
            var fits = await FitAsync(ahead, query.Text);
            for (var i = 0; i < ahead.Count; i++)
            {
                last = ahead[i];
                if (fits[i])
                {
                    ids.Add(last.JobId);
                }

                if (ids.Count == query.Limit)
                {
                    var end = i == ahead.Count - 1 && entries.Length < Chunk;
                    return new(ids.ToImmutable(), end ? null : last);
                }
            }

            if (entries.Length < Chunk)
            {
                return new(ids.ToImmutable(), null);
            }
        }

        return new(ids.ToImmutable(), last ?? query.After);
    }

    /// <summary>A job that came with this audio; null where none is on record.</summary>
    public async Task<string?> WithAudioAsync(string? owner, string sha256) => await Store.SetRandomMemberAsync(WithAudio(owner, sha256));

    /// <summary>Whether a job that cannot say it itself is this owner's.</summary>
    public async Task<bool> IsOwnedAsync(string jobId, string owner) => (await FactsAsync(jobId)).Owner == owner;

    /// <summary>Jobs of one owner that are not over.</summary>
    public async Task<long> UnfinishedAsync(string owner) => (await Task.WhenAll(Active.Select(group => Store.SortedSetLengthAsync(Of(group, owner))))).Sum();

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

    /// <summary>Whether each has the text. What the index does not know may have it.</summary>
    private async Task<IReadOnlyList<bool>> FitAsync(List<JobCursor> jobs, string? text)
    {
        if (text is null || jobs.Count == 0)
        {
            return [.. jobs.Select(_ => true)];
        }

        var facts = await Store.HashGetAsync(Facts, [.. jobs.Select(job => (RedisValue)job.JobId)]);
        return [.. facts.Select(known => JobFacts.Parse(known)?.Query.Contains(text, StringComparison.OrdinalIgnoreCase) ?? true)];
    }

    private async Task<JobFacts> FactsAsync(string jobId) => JobFacts.Parse(await Store.HashGetAsync(Facts, jobId)) ?? new();

    private static bool IsAfter(JobCursor place, JobCursor? cursor) =>
        cursor is null || place.CreatedAt < cursor.CreatedAt || (place.CreatedAt == cursor.CreatedAt && string.CompareOrdinal(place.JobId, cursor.JobId) < 0);
}

/// <summary>The index for clients of the cluster, who see no Redis.</summary>
[StatelessWorker, GrainType("job-catalog")]
internal sealed class JobCatalogGrain(JobCatalog catalog) : Grain, IJobCatalogGrain
{
    private const int MostAtOnce = 500;

    public Task<ImmutableArray<string>> ListAsync(JobStatus? status, int limit) => catalog.ListAsync(status, Math.Clamp(limit, 1, MostAtOnce));

    public Task<JobPage> FindAsync(JobQuery query) => catalog.FindAsync(query with { Limit = Math.Clamp(query.Limit, 1, MostAtOnce) });

    public Task<string?> WithAudioAsync(string? owner, string audioSha256) => catalog.WithAudioAsync(owner, audioSha256);

    public Task<long> UnfinishedAsync(string owner) => catalog.UnfinishedAsync(owner);

    public Task<ImmutableArray<OrphanedJob>> OrphanedAsync(TimeSpan silence) => catalog.SilentAsync(silence);
}
