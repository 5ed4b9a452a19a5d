using System.Collections.Immutable;
using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace MakeVideo.Grains.Clips;

/// <summary>Keeps the cache of clips under its limit: the least recently used go first, and none that an active job needs.</summary>
[GrainType("clip-cache"), Reentrant]
internal sealed partial class ClipCacheGrain(ClipCatalog catalog, ClipCacheOptions options, DataFolder data, StoreClock clock, TimeProvider time, ILogger<ClipCacheGrain> logger) : Grain, IClipCacheGrain
{
    private const int MostUsed = 10;

    /// <summary>A look costs one read of the index; a burst of clips that come needs one.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    /// <summary>How soon a cache is looked at again that active jobs keep above its limit.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    private long? _looked;
    private IGrainTimer? _next;
    private bool _adopted;

    public Task<ClipPage> ListAsync(ClipStatus? status, int offset, int limit) => catalog.ListAsync(status, Math.Max(0, offset), Math.Clamp(limit, 1, 500));

    public async Task<ClipCacheStats> StatsAsync()
    {
        await AdoptAsync();
        var cached = await catalog.CachedAsync();
        return new(cached.Length, cached.Sum(clip => clip.Bytes), options.MostBytes, await catalog.MostUsedAsync(MostUsed));
    }

    public async Task<int> CleanAsync(TimeSpan unusedFor)
    {
        await AdoptAsync();
        var now = clock.Now;
        var removed = 0;
        foreach (var clip in (await catalog.CachedAsync()).Where(clip => now - clip.LastUsedAt >= unusedFor))
        {
            removed += await EvictAsync(clip) ? 1 : 0;
        }

        return removed;
    }

    public Task TrimAsync()
    {
        if (_looked is { } looked && time.GetElapsedTime(looked) is var since && since < LookEvery)
        {
            LookIn(LookEvery - since);
            return Task.CompletedTask;
        }

        return LookAsync();
    }

    private async Task LookAsync()
    {
        _looked = time.GetTimestamp();
        await AdoptAsync();
        var cached = await catalog.CachedAsync();
        var (now, bytes) = (clock.Now, cached.Sum(clip => clip.Bytes));
        var over = bytes > options.MostBytes;
        foreach (var clip in cached)
        {
            var room = over && bytes > options.MostBytes * options.Down;
            if (!room && now - clip.LastUsedAt < options.UnusedFor)
            {
                break;
            }

            bytes -= await EvictAsync(clip) ? clip.Bytes : 0;
        }

        if (over)
        {
            LogTrimmed(options.MostBytes >> 20, bytes >> 20);
        }

        if (bytes > options.MostBytes)
        {
            LookIn(LookAgain);
        }
    }

    private void LookIn(TimeSpan wait) => _next ??= this.RegisterGrainTimer(
        async _ =>
        {
            _next?.Dispose();
            _next = null;
            await LookAsync();
        },
        new GrainTimerCreationOptions(wait, Timeout.InfiniteTimeSpan) { KeepAlive = true, Interleave = true });

    private Task<bool> EvictAsync(ClipUse clip) => GrainFactory.GetGrain<IClipGrain>(clip.Clip).EvictAsync();

    /// <summary>Files that the index does not know (it was lost, or they are older than it) are taken into it, once.</summary>
    private async Task AdoptAsync()
    {
        if (_adopted || !Directory.Exists(data.Clips))
        {
            return;
        }

        _adopted = true;
        var known = (await catalog.CachedAsync()).Select(clip => clip.Clip).ToImmutableHashSet();
        foreach (var source in Directory.EnumerateDirectories(data.Clips))
        {
            foreach (var file in new DirectoryInfo(source).EnumerateFiles().Where(file => ClipIds.IsValid(file.Name)))
            {
                var clip = $"{Path.GetFileName(source)}/{file.Name}";
                if (!known.Contains(clip))
                {
                    await catalog.AdoptAsync(clip, file.Length, file.LastWriteTimeUtc);
                }
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "The clip cache was over its limit of {Limit} MB; {Bytes} MB are left")]
    private partial void LogTrimmed(long limit, long bytes);
}
