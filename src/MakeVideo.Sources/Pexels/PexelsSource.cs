using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using MakeVideo.Contracts;
using MakeVideo.Sources.Http;
using MakeVideo.Sources.Library;

namespace MakeVideo.Sources.Pexels;

/// <summary>Pexels (pexels.com/api): its video search, and the files that it links to.</summary>
/// <param name="api">Calls the API; its limits are of requests an hour.</param>
/// <param name="files">Calls the file host, which has limits of its own.</param>
/// <param name="key">What Pexels gave the user.</param>
internal sealed class PexelsSource(UpstreamClient api, UpstreamClient files, string key) : IFootageSource
{
    public const string SourceName = "pexels";

    /// <summary>The most that one request may ask for.</summary>
    private const int PageSize = 80;

    /// <summary>The replaced service searched in ten rounds.</summary>
    private const int MostPages = 100;

    public string Name => SourceName;

    public async Task<Outcome<FootagePage>> SearchAsync(FootageQuery query, string? page, CancellationToken cancellation)
    {
        if (!PageToken.Read(page, MostPages, out var number))
        {
            return PageToken.Unknown(page, Name);
        }

        number = Math.Max(1, number);
        var path = UpstreamPath.With(
            "videos/search", ("query", query.Text), ("per_page", PageSize.ToString(CultureInfo.InvariantCulture)), ("page", number.ToString(CultureInfo.InvariantCulture)));
        var found = await api.SendAsync(new(HttpMethod.Get, path, JobStage.FetchingShorts) { Headers = [("Authorization", key)] }, cancellation);
        if (found.Failed)
        {
            return found.Failure;
        }

        var body = found.Value.Body;
        ImmutableArray<ClipCandidate> candidates = [.. body.Items("videos").Select(Candidate).OfType<ClipCandidate>().DistinctBy(clip => clip.Id)];
        return candidates.IsEmpty && number == 1
            ? NoMatch.For(query, Name)
            : new FootagePage(candidates, body.Text("next_page") is { Length: > 0 } && number < MostPages ? (number + 1).ToString(CultureInfo.InvariantCulture) : null);
    }

    public Task<Outcome<string>> FetchAsync(ClipCandidate clip, string target, long maxBytes, IProgress<double>? progress, CancellationToken cancellation) =>
        HostedFile.FetchAsync(files, clip, target, maxBytes, progress, cancellation);

    private static ClipCandidate? Candidate(JsonElement item)
    {
        var id = item.Number("id") is { } number ? number.ToString("0", CultureInfo.InvariantCulture) : item.Text("id");
        var file = HostedFile.Best(item.Items("video_files").Where(IsVideo).Select(each => new HostedFile(each.Text("link") ?? "", Pixels(each, "width"), Pixels(each, "height"))));
        if (!RemoteIds.Fits(id) || file is null || item.Number("duration") is not > 0)
        {
            return null;
        }

        var author = item.Field("user").Text("name");
        var page = item.Text("url") is { } url && HostedFile.IsUsable(url) ? url : null;
        return new(SourceName, id, file.Link, OneLine.Of(Title(page) ?? id, 200), author is null ? null : OneLine.Of(author, 200), page, "Pexels License", item.Number("duration"));
    }

    private static bool IsVideo(JsonElement file) => file.Text("file_type") is null or "video/mp4" or "video/webm" or "video/quicktime";

    private static int Pixels(JsonElement file, string name) => file.Number(name) is > 0 and < 100_000 and var value ? (int)value : 0;

    // Its answers have no title, but its pages' addresses do: /video/a-cat-on-a-roof-855029/.
    private static string? Title(string? page)
    {
        var words = page?.TrimEnd('/').Split('/')[^1].Split('-') ?? [];
        return words.Length > 1 && words[^1].All(char.IsAsciiDigit) ? string.Join(' ', words[..^1]) : null;
    }
}
