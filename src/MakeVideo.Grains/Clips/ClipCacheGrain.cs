using System.Collections.Immutable;
using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace MakeVideo.Grains.Clips;

/// <summary>Keeps the cache of clips under its limit: the least recently used go first, and none that an active job needs.</summary>
[GrainType("clip-cache"), Reentrant]
internal sealed partial class ClipCacheGrain(ClipCatalog catalog, Litter litter, ClipCacheOptions options, DataFolder data, StoreClock clock, TimeProvider time, ILogger<ClipCacheGrain> logger) : Grain, IClipCacheGrain
{
    private const int MostUsed = 10;

    /// <summary>A look costs one read of the index; a burst of clips that come needs one.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    /// <summary>How soon a cache is looked at again that active jobs keep above its limit.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    /// <summary>What is tended changes over hours and days.</summary>
    private static readonly TimeSpan TendEvery = TimeSpan.FromHours(1);

    private long? _looked;
    private long? _tended;
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
            removed += await EvictAsync(clip.Clip) ? 1 : 0;
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

    public async Task TendAsync()
    {
        if (_tended is { } tended && time.GetElapsedTime(tended) < TendEvery)
        {
            return;
        }

        _tended = time.GetTimestamp();
        await LookAsync();
        foreach (var clip in await catalog.RejectedUntilAsync(clock.Now - ClipGrain.RejectionLasts))
        {
            // It keeps what an operator said of it.
            await EvictAsync(clip);
        }

        litter.Sweep(data);
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

            bytes -= await EvictAsync(clip.Clip) ? clip.Bytes : 0;
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

    /// <summary>Whether it is gone; one that cannot be removed does not keep the others.</summary>
    private async Task<bool> EvictAsync(string clip)
    {
        try
        {
            return await GrainFactory.GetGrain<IClipGrain>(clip).EvictAsync();
        }
        catch (Exception failure)
        {
            LogNotEvicted(failure, clip);
            return false;
        }
    }

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

    [LoggerMessage(LogLevel.Warning, "Clip {Clip} could not be removed from the cache; it is tried again at the next look")]
    private partial void LogNotEvicted(Exception failure, string clip);

    [LoggerMessage(LogLevel.Information, "The clip cache was over its limit of {Limit} MB; {Bytes} MB are left")]
    private partial void LogTrimmed(long limit, long bytes);
}
