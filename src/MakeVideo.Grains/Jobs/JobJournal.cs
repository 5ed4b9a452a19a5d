using System.Collections.Immutable;
using System.Text.Json;
using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using StackExchange.Redis;

namespace MakeVideo.Grains.Jobs;

/// <summary>The life of each job as a list in Redis: who did what, where, when. For people; nothing is decided by it.</summary>
internal sealed class JobJournal(IConnectionMultiplexer redis, ClusterSettings settings)
{
    /// <summary>Entries kept per job: an hour's job has about 1,200 items, and its recoveries must stay in sight.</summary>
    private const int Kept = 2000;

    private static readonly JsonSerializerOptions Json = StateJson.Configure(new());

    /// <summary>Appends without waiting: the log must not slow the work that it tells of.</summary>
    public void Append(string jobId, IEnumerable<JobEvent> entries) =>
        redis.GetDatabase().ListRightPush(KeyOf(jobId), [.. entries.Select(entry => (RedisValue)JsonSerializer.SerializeToUtf8Bytes(entry, Json))], CommandFlags.FireAndForget);

    /// <summary>Oldest first; what cannot be read is left out.</summary>
    public async Task<ImmutableArray<JobEvent>> ReadAsync(string jobId) =>
        [.. (await redis.GetDatabase().ListRangeAsync(KeyOf(jobId))).Select(Parse).OfType<JobEvent>()];

    /// <summary>Drops the oldest entries past the limit.</summary>
    public void Trim(string jobId) => redis.GetDatabase().ListTrim(KeyOf(jobId), -Kept, -1, CommandFlags.FireAndForget);

    public Task RemoveAsync(string jobId) => redis.GetDatabase().KeyDeleteAsync(KeyOf(jobId));

    private static JobEvent? Parse(RedisValue entry)
    {
        try
        {
            return JsonSerializer.Deserialize<JobEvent>((byte[])entry!, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private RedisKey KeyOf(string jobId) => $"{settings.ServiceId}/events/{jobId}";
}
