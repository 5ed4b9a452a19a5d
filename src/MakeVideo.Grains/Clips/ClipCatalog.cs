using System.Collections.Immutable;
using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using MakeVideo.Grains.Jobs;
using StackExchange.Redis;

namespace MakeVideo.Grains.Clips;

/// <summary>
/// The index of clips in Redis: sorted sets by time of those in the cache (by last use: the order in which they go), those rejected, and both;
/// bytes and uses; and which jobs want which clip. The grains' own states and the files are the truth; this can be lost and is filled again.
/// </summary>
internal sealed class ClipCatalog(IConnectionMultiplexer redis, ClusterSettings settings, JobCatalog jobs, StoreClock clock)
{
    private IDatabase Store => redis.GetDatabase();

    private double Now => clock.Now.ToUnixTimeMilliseconds();

    /// <summary>Notes that a job uses a clip of the cache: it is the last to go, and stays while the job is active.</summary>
    public async Task UseAsync(string clip, long bytes, string jobId)
    {
        var first = await Store.SetAddAsync(Wants(clip), jobId);
        await FileAsync(clip, bytes, Now, first ? 1 : 0);
    }

    /// <summary>Notes a file that nobody has on record.</summary>
    /// <param name="clip"><c>source/id</c>.</param>
    /// <param name="bytes">Its size.</param>
    /// <param name="written">When.</param>
    public Task AdoptAsync(string clip, long bytes, DateTimeOffset written) => FileAsync(clip, bytes, written.ToUnixTimeMilliseconds(), 0);

    /// <summary>Notes that a clip was rejected: it has no file.</summary>
    public async Task RejectAsync(string clip)
    {
        var move = Store.CreateTransaction();
        _ = move.SortedSetRemoveAsync(Cached, clip);
        _ = move.HashDeleteAsync(Sizes, clip);
        _ = move.SortedSetAddAsync(Rejected, clip, Now);
        _ = move.SortedSetAddAsync(Known, clip, Now);
        await move.ExecuteAsync();
    }

    /// <summary>Notes an operator's decision; a file that is there stays until its turn comes.</summary>
    public async Task RuleAsync(string clip, ClipRuling ruling)
    {
        var move = Store.CreateTransaction();
        _ = ruling is ClipRuling.Rejected ? move.SortedSetAddAsync(Rejected, clip, Now) : move.SortedSetRemoveAsync(Rejected, clip);
        _ = move.SortedSetAddAsync(Known, clip, Now);
        await move.ExecuteAsync();
    }

    /// <summary>Notes that a clip's file is gone.</summary>
    /// <param name="clip"><c>source/id</c>.</param>
    /// <param name="listed">Whether something else is known of it, so that it stays in the list.</param>
    public async Task DropAsync(string clip, bool listed)
    {
        var move = Store.CreateTransaction();
        _ = move.SortedSetRemoveAsync(Cached, clip);
        _ = move.HashDeleteAsync(Sizes, clip);
        _ = move.KeyDeleteAsync(Wants(clip));
        if (!listed)
        {
            _ = move.SortedSetRemoveAsync(Known, clip);
            _ = move.SortedSetRemoveAsync(Rejected, clip);
            _ = move.SortedSetRemoveAsync(Used, clip);
        }

        await move.ExecuteAsync();
    }

    /// <summary>Whether a job that is not over wants the clip.</summary>
    public async Task<bool> IsPinnedAsync(string clip)
    {
        var wanting = await Store.SetMembersAsync(Wants(clip));
        var seen = await Task.WhenAll(wanting.Select(job => jobs.LastSeenAsync(job.ToString())));
        if (wanting.Where((_, index) => seen[index] is null).ToArray() is { Length: > 0 } over)
        {
            await Store.SetRemoveAsync(Wants(clip), over);
        }

        return seen.Any(beat => beat is not null);
    }

    /// <summary>Latest first.</summary>
    public async Task<ClipPage> ListAsync(ClipStatus? status, int offset, int limit)
    {
        var key = status switch { ClipStatus.Ready => Cached, ClipStatus.Rejected => Rejected, _ => Known };
        var clips = await Store.SortedSetRangeByRankAsync(key, offset, offset + limit - 1, Order.Descending);
        return new(await Store.SortedSetLengthAsync(key), [.. clips.Select(clip => clip.ToString())]);
    }

    /// <summary>Rejected by then, and not looked at since.</summary>
    public async Task<ImmutableArray<string>> RejectedUntilAsync(DateTimeOffset then) =>
        [.. (await Store.SortedSetRangeByScoreAsync(Rejected, stop: then.ToUnixTimeMilliseconds())).Select(clip => clip.ToString())];

    /// <summary>How much a clip is used; last use null when none is on record.</summary>
    public async Task<ClipUse> UseOfAsync(string clip)
    {
        var (uses, last, bytes) = (Store.SortedSetScoreAsync(Used, clip), Store.SortedSetScoreAsync(Cached, clip), Store.HashGetAsync(Sizes, clip));
        return new(clip, (long)(await uses ?? 0), (long?)await bytes ?? 0, await last is { } time ? Time(time) : null);
    }

    /// <summary>The most used of all clips that are known.</summary>
    public async Task<ImmutableArray<ClipUse>> MostUsedAsync(int limit) =>
        [.. await Task.WhenAll((await Store.SortedSetRangeByRankAsync(Used, 0, limit - 1, Order.Descending)).Select(clip => UseOfAsync(clip.ToString())))];

    /// <summary>Clips of the cache with their last use and their bytes, the least recently used first.</summary>
    public async Task<ImmutableArray<ClipUse>> CachedAsync()
    {
        var (clips, sizes) = (await Store.SortedSetRangeByRankWithScoresAsync(Cached), (await Store.HashGetAllAsync(Sizes)).ToDictionary());
        return [.. clips.Select(clip => new ClipUse(clip.Element.ToString(), 0, sizes.TryGetValue(clip.Element, out var bytes) ? (long)bytes : 0, Time(clip.Score)))];
    }

    private Task<bool> FileAsync(string clip, long bytes, double time, int uses)
    {
        var move = Store.CreateTransaction();
        _ = move.SortedSetAddAsync(Cached, clip, time);
        _ = move.SortedSetAddAsync(Known, clip, time);
        _ = move.SortedSetRemoveAsync(Rejected, clip);
        _ = move.HashSetAsync(Sizes, clip, bytes);
        _ = move.SortedSetIncrementAsync(Used, clip, uses);
        return move.ExecuteAsync();
    }

    private static DateTimeOffset Time(double score) => DateTimeOffset.FromUnixTimeMilliseconds((long)score);

    private RedisKey Known => $"{settings.ServiceId}/clips/known";

    private RedisKey Cached => $"{settings.ServiceId}/clips/cached";

    private RedisKey Rejected => $"{settings.ServiceId}/clips/rejected";

    private RedisKey Used => $"{settings.ServiceId}/clips/used";

    private RedisKey Sizes => $"{settings.ServiceId}/clips/bytes";

    private RedisKey Wants(string clip) => $"{settings.ServiceId}/clips/wanted/{clip}";
}
