using MakeVideo.Contracts;
using MakeVideo.Gateway.Keys;
using MakeVideo.Gateway.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace MakeVideo.Gateway.Clips;

/// <summary>The calls that show what is known of clips, and let an operator overrule it.</summary>
internal static class ClipEndpoints
{
    private const int DefaultLimit = 50;
    private const int MostLimit = 500;

    public static void MapClips(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/clips", ListAsync).Refuses(422, 503).WithSummary("Known clips, those used or judged last first");
        routes.MapGet("/clips/{source}/{id}", GetAsync).Refuses(404, 503).WithSummary("One clip: where it stands, and the evidence");
        routes.MapGet("/clips/{source}/{id}/thumbnail", ThumbnailAsync).Produces<Stream>(200, "image/png").Refuses(404, 503).WithSummary("A frame of the clip with the text that was found in it framed");
        routes.MapGet("/clips/{source}/{id}/frame", FrameAsync).Produces<Stream>(200, "image/jpeg").Refuses(404, 503).WithSummary("A small picture of a clip in the cache");
        routes.MapPost("/clips/{source}/{id}/accept", (string source, string id, IGrainFactory grains) => RuleAsync(source, id, ClipRuling.Accepted, grains))
            .Needs(KeyScope.Admin).Refuses(404, 503).WithSummary("Use a clip though text was found in it");
        routes.MapPost("/clips/{source}/{id}/reject", (string source, string id, IGrainFactory grains) => RuleAsync(source, id, ClipRuling.Rejected, grains))
            .Needs(KeyScope.Admin).Refuses(404, 503).WithSummary("Never use a clip");
    }

    private static async Task<Results<Ok<ClipsBody>, Problem>> ListAsync(IGrainFactory grains, string? status = null, string? limit = null, string? offset = null)
    {
        var wanted = ApiNames.Parse<ClipStatus>(status);
        if (status is not null && wanted is not (ClipStatus.Ready or ClipStatus.Rejected))
        {
            return new Problem(new(FailureCodes.InvalidRequest, null, "status is unknown. Use ready or rejected."));
        }

        var (most, first) = (DefaultLimit, 0);
        if (limit is not null && (!int.TryParse(limit, out most) || most is < 1 or > MostLimit))
        {
            return new Problem(new(FailureCodes.InvalidRequest, null, $"limit must be a whole number from 1 to {MostLimit}."));
        }

        if (offset is not null && (!int.TryParse(offset, out first) || first < 0))
        {
            return new Problem(new(FailureCodes.InvalidRequest, null, "offset must be a whole number from 0."));
        }

        var page = await grains.GetGrain<IClipCacheGrain>(0).ListAsync(wanted, first, most);
        var clips = await Task.WhenAll(page.Clips.Select(clip => grains.GetGrain<IClipGrain>(clip).GetAsync()));
        return TypedResults.Ok(new ClipsBody(page.Total, first, most, [.. clips.OfType<ClipView>().Select(ClipBody.Of)]));
    }

    private static async Task<Results<Ok<ClipBody>, Problem>> GetAsync(string source, string id, IGrainFactory grains) =>
        await FindAsync(source, id, grains) is { } clip ? TypedResults.Ok(ClipBody.Of(clip)) : NoSuchClip();

    private static async Task<Results<PhysicalFileHttpResult, Problem>> ThumbnailAsync(string source, string id, IGrainFactory grains, DataFolder data)
    {
        if (await FindAsync(source, id, grains) is not { } clip)
        {
            return NoSuchClip();
        }

        var path = data.ClipThumbnail(clip.Source, clip.Id);
        return clip.Text is { Pictured: true } && File.Exists(path)
            ? TypedResults.PhysicalFile(path, "image/png")
            : new Problem(new(HttpCodes.NotFound, null, "There is no picture of this clip: no text was found in it."));
    }

    private static async Task<Results<PhysicalFileHttpResult, Problem>> FrameAsync(string source, string id, IGrainFactory grains, DataFolder data, HttpContext context)
    {
        if (!Valid(source, id) || !await grains.GetGrain<IClipGrain>($"{source}/{id}").PictureAsync())
        {
            return new Problem(new(HttpCodes.NotFound, null, "There is no picture of this clip: its file is not in the cache."));
        }

        // An id names a clip and its content: its picture never changes.
        context.Response.Headers.CacheControl = "private, max-age=86400";
        return TypedResults.PhysicalFile(data.ClipStill(source, id), "image/jpeg");
    }

    private static async Task<Results<Ok<ClipBody>, Problem>> RuleAsync(string source, string id, ClipRuling ruling, IGrainFactory grains) =>
        Valid(source, id) && await grains.GetGrain<IClipGrain>($"{source}/{id}").RuleAsync(ruling) is { } clip ? TypedResults.Ok(ClipBody.Of(clip)) : NoSuchClip();

    private static async Task<ClipView?> FindAsync(string source, string id, IGrainFactory grains) =>
        Valid(source, id) ? await grains.GetGrain<IClipGrain>($"{source}/{id}").GetAsync() : null;

    private static bool Valid(string source, string id) => ClipIds.IsValid(source) && ClipIds.IsValid(id);

    private static Problem NoSuchClip() => new(new(HttpCodes.NotFound, null, "There is no such clip. GET /clips lists those that are known."));
}

/// <summary>A page of clips.</summary>
internal sealed record ClipsBody(long Total, int Offset, int Limit, IReadOnlyList<ClipBody> Clips);

/// <summary>A clip as clients see it.</summary>
internal sealed record ClipBody(
    string Source, string Id, string Title, string? Credit, ClipStatus Status, ClipRuling? Ruling, ReasonBody? Rejection, DateTimeOffset? ExpiresAt,
    long SizeBytes, double? DurationSeconds, string? Resolution, double? Fps, long Uses, DateTimeOffset? LastUsedAt, BurnedTextBody? BurnedText)
{
    public static ClipBody Of(ClipView clip) => new(
        clip.Source, clip.Id, clip.Title, clip.Credit, clip.Status, clip.Ruling, clip.Rejection is { } why ? new(why.Code, why.Message) : null, clip.ExpiresAt,
        clip.Bytes, clip.Facts?.Duration, clip.Facts is { } facts ? $"{facts.Width}x{facts.Height}" : null, clip.Facts?.FramesPerSecond, clip.Uses, clip.LastUsedAt,
        clip.Text is { } text
            ? new(text.Score, text.Frames, text.EndedEarly, text.Pictured ? $"/clips/{clip.Source}/{clip.Id}/thumbnail" : null, [.. text.Boxes.Select(box => new BoxBody(box.At, box.X, box.Y, box.Width, box.Height, box.Score))])
            : null);
}

/// <summary>Why a clip is not used.</summary>
internal sealed record ReasonBody(string Code, string Message);

/// <summary>What the search for burned-in text found: score 0 to 1, frames looked at, boxes.</summary>
internal sealed record BurnedTextBody(double Score, int Frames, bool EndedEarly, string? Thumbnail, IReadOnlyList<BoxBody> Boxes);

/// <summary>Text at a time (seconds), in shares of the picture's width and height.</summary>
internal sealed record BoxBody(double At, double X, double Y, double Width, double Height, double Score);
