using MakeVideo.Contracts;

namespace MakeVideo.UnitTests.Gateway;

internal sealed partial class FakeCluster
{
    private sealed class Clip(FakeCluster cluster, string key) : IClipGrain
    {
        public Task<ClipView?> GetAsync() => Task.FromResult(cluster.Answer(() => cluster.Clips.GetValueOrDefault(key)));

        public Task<ClipView?> RuleAsync(ClipRuling ruling)
        {
            if (cluster.Clips.TryGetValue(key, out var clip))
            {
                cluster.Clips[key] = clip with { Ruling = ruling };
            }

            return GetAsync();
        }

        public Task<ClipAnswer> EnsureAsync(ClipCandidate candidate, string jobId, long order) => throw new NotSupportedException();

        public Task LeaveAsync(string jobId) => throw new NotSupportedException();

        public Task<bool> CondemnAsync(JobFailure why) => throw new NotSupportedException();

        public Task StopAsync() => throw new NotSupportedException();

        public Task<bool> PictureAsync() => Task.FromResult(cluster.Answer(() => cluster.Clips.GetValueOrDefault(key)?.Status is ClipStatus.Ready));

        public Task<bool> EvictAsync() => throw new NotSupportedException();
    }

    private sealed class ClipCache(FakeCluster cluster) : IClipCacheGrain
    {
        public Task<ClipPage> ListAsync(ClipStatus? status, int offset, int limit)
        {
            var clips = cluster.Answer(() => cluster.Clips.Where(clip => status is null || clip.Value.Status == status).Select(clip => clip.Key).Reverse().ToList());
            return Task.FromResult(new ClipPage(clips.Count, [.. clips.Skip(offset).Take(limit)]));
        }

        public Task<ClipCacheStats> StatsAsync() => Task.FromResult(cluster.Answer(() => cluster.Cache));

        public Task<int> CleanAsync(TimeSpan unusedFor)
        {
            cluster.Cleaned = unusedFor;
            return Task.FromResult(cluster.Answer(() => 3));
        }

        public Task TrimAsync() => throw new NotSupportedException();

        public Task TendAsync() => throw new NotSupportedException();
    }
}
