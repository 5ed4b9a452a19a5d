using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using MakeVideo.Contracts;
using MakeVideo.Sources.Http;
using MakeVideo.Sources.Library;

namespace MakeVideo.Sources.Pixabay;

/// <summary>Pixabay (pixabay.com/api/docs): its video search, and the files that it links to.</summary>
/// <param name="api">Calls the API; its limits are of requests a minute.</param>
/// <param name="files">Calls the file host, which has limits of its own.</param>
/// <param name="key">What Pixabay gave the user; it travels in the query, so addresses of this API are never shown.</param>
internal sealed class PixabaySource(UpstreamClient api, UpstreamClient files, string key) : IFootageSource
{
    public const string SourceName = "pixabay";

    /// <summary>The most that one request may ask for.</summary>
    private const int PageSize = 200;

    /// <summary>The API shows no more than 500 hits of a search.</summary>
    private const int MostHits = 500;

    /// <summary>Characters; the API refuses longer queries.</summary>
    private const int LongestQuery = 100;

    public string Name => SourceName;

    public async Task<Outcome<FootagePage>> SearchAsync(FootageQuery query, string? page, CancellationToken cancellation)
    {
        if (!PageToken.Read(page, (MostHits + PageSize - 1) / PageSize, out var number))
        {
            return PageToken.Unknown(page, Name);
        }

        number = Math.Max(1, number);
        var path = UpstreamPath.With(
            "api/videos/", ("key", key), ("q", Cut(query.Text)), ("per_page", PageSize.ToString(CultureInfo.InvariantCulture)), ("page", number.ToString(CultureInfo.InvariantCulture)), ("safesearch", "true"));
        var found = await api.SendAsync(new(HttpMethod.Get, path, JobStage.FetchingShorts), cancellation);
        if (found.Failed)
        {
            return found.Failure;
        }

        var body = found.Value.Body;
        ImmutableArray<ClipCandidate> candidates = [.. body.Items("hits").Select(Candidate).OfType<ClipCandidate>().DistinctBy(clip => clip.Id)];
        return candidates.IsEmpty && number == 1
            ? NoMatch.For(query, Name)
            : new FootagePage(candidates, number * PageSize < Math.Min(body.Number("totalHits") ?? 0, MostHits) ? (number + 1).ToString(CultureInfo.InvariantCulture) : null);
    }

    public Task<Outcome<string>> FetchAsync(ClipCandidate clip, string target, long maxBytes, IProgress<double>? progress, CancellationToken cancellation) =>
        HostedFile.FetchAsync(files, clip, target, maxBytes, progress, cancellation);

    private static ClipCandidate? Candidate(JsonElement item)
    {
        var id = item.Number("id") is { } number ? number.ToString("0", CultureInfo.InvariantCulture) : item.Text("id");
        var sizes = item.Field("videos");
        var file = sizes.ValueKind is JsonValueKind.Object
            ? HostedFile.Best(sizes.EnumerateObject().Select(size => new HostedFile(size.Value.Text("url") ?? "", Pixels(size.Value, "width"), Pixels(size.Value, "height"))))
            : null;
        if (!RemoteIds.Fits(id) || file is null || item.Number("duration") is not > 0)
        {
            return null;
        }

        var author = item.Text("user");
        var page = item.Text("pageURL") is { } url && HostedFile.IsUsable(url) ? url : null;
        return new(SourceName, id, file.Link, OneLine.Of(item.Text("tags") ?? id, 200), author is null ? null : OneLine.Of(author, 200), page, "Pixabay Content License", item.Number("duration"));
    }

    private static int Pixels(JsonElement file, string name) => file.Number(name) is > 0 and < 100_000 and var value ? (int)value : 0;

    private static string Cut(string text) => text.Length <= LongestQuery ? text : text[..LongestQuery];
}
