using System.Globalization;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Keys;
using MakeVideo.Gateway.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace MakeVideo.Gateway.Clips;

/// <summary>The calls about the cache of clips, with the replaced service's field names.</summary>
internal static class CacheEndpoints
{
    /// <summary>Days that the replaced service kept an unused clip.</summary>
    private const double DefaultDays = 30;
    private const double MostDays = 3650;

    public static void MapCache(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/cache/stats", StatsAsync).Refuses(503).WithSummary("How many clips are kept, how large they are, and which are used most");
        routes.MapPost("/cache/cleanup", CleanAsync).Needs(KeyScope.Admin).Refuses(422, 503).WithSummary("Delete the clips that no job has used for so many days");
    }

    private static async Task<Ok<CacheBody>> StatsAsync(IGrainFactory grains)
    {
        var stats = await grains.GetGrain<IClipCacheGrain>(0).StatsAsync();
        return TypedResults.Ok(new CacheBody(
            stats.Clips, Megabytes(stats.Bytes), Megabytes(stats.Limit),
            [.. stats.MostUsed.Select(clip => (Use: clip, Name: clip.Clip.Split('/', 2))).Select(clip => new UseBody(clip.Name[^1], clip.Name[0], clip.Use.Uses, Megabytes(clip.Use.Bytes), clip.Use.LastUsedAt))]));
    }

    private static async Task<Results<Ok<CleanedBody>, Problem>> CleanAsync(IGrainFactory grains, string? days = null)
    {
        var unused = DefaultDays;
        if (days is not null && (!double.TryParse(days, CultureInfo.InvariantCulture, out unused) || unused is not (>= 0 and <= MostDays)))
        {
            return new Problem(new(FailureCodes.InvalidRequest, null, $"days must be a number from 0 to {MostDays}."));
        }

        return TypedResults.Ok(new CleanedBody(await grains.GetGrain<IClipCacheGrain>(0).CleanAsync(TimeSpan.FromDays(unused))));
    }

    private static double Megabytes(long bytes) => Math.Round(bytes / 1048576.0, 2);
}

/// <summary>What the cache holds.</summary>
internal sealed record CacheBody(long TotalShorts, double TotalSizeMb, double LimitMb, IReadOnlyList<UseBody> MostUsed);

/// <summary>How much a clip is used: by how many jobs, and when last.</summary>
internal sealed record UseBody(string VideoId, string Source, long Uses, double SizeMb, DateTimeOffset? LastUsedAt);

/// <summary>What a clean-up did.</summary>
internal sealed record CleanedBody(int RemovedCount);
