using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json;
using MakeVideo.Contracts;
using MakeVideo.Sources.Http;
using MakeVideo.Sources.Library;

namespace MakeVideo.Sources.YoutubeSearch;

/// <summary>YouTube shorts by the reference's two services: youtube-search finds them, video-downloader fetches them.</summary>
internal sealed class YoutubeSearchSource(UpstreamClient search, UpstreamClient downloader, YoutubeSearchOptions options, TimeProvider clock) : IFootageSource
{
    public const string SourceName = "youtube";

    private readonly RemoteJobs _searches = new(search, clock);
    private readonly RemoteJobs _downloads = new(downloader, clock);

    public string Name => SourceName;

    /// <summary>The service knows no pages: each asks for more results, and offers those past the ones that it had.</summary>
    public async Task<Outcome<FootagePage>> SearchAsync(FootageQuery query, string? page, CancellationToken cancellation)
    {
        if (!PageToken.Read(page, options.MostResults, out var had))
        {
            return PageToken.Unknown(page, Name);
        }

        var wanted = Math.Min(had + options.PageSize, options.MostResults);
        var path = UpstreamPath.With("search/shorts", ("query", query.Text), ("max_results", wanted.ToString(CultureInfo.InvariantCulture)));
        var job = Job(new(HttpMethod.Post, path, JobStage.FetchingShorts));
        return await _searches.RunAsync<FootagePage>(job, (_, state, _) => Task.FromResult<Outcome<FootagePage>?>(Read(query, state, had, wanted)), null, cancellation);
    }

    /// <summary>The same video has the same job there, whoever asks: to ask again after a crash costs nothing.</summary>
    public async Task<Outcome<string>> FetchAsync(ClipCandidate clip, string target, long maxBytes, IProgress<double>? progress, CancellationToken cancellation)
    {
        if (!RemoteIds.Fits(clip.Id))
        {
            return new JobFailure(FailureCodes.ClipMissing, JobStage.DownloadingShorts, "A clip of youtube has an id that no video has.");
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(new { url = Page(clip.Id), quality = "best" });
        var submit = new UpstreamRequest(HttpMethod.Post, "jobs", JobStage.DownloadingShorts)
        {
            Content = () => new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } },
            Accepts = [HttpStatusCode.NotFound, HttpStatusCode.Gone],
        };
        return await _downloads.RunAsync(Job(submit) with { GoneCode = FailureCodes.ClipMissing }, CollectAsync, ProgressPart.Of(progress, 0, 0.5), cancellation);

        async Task<Outcome<string>?> CollectAsync(string id, JsonElement state, CancellationToken stop)
        {
            var fetched = await downloader.DownloadAsync(new(HttpMethod.Get, $"jobs/{id}/download", JobStage.DownloadingShorts), target, maxBytes, ProgressPart.Of(progress, 0.5, 1), stop);
            return fetched.Failure?.Code == FailureCodes.ClipMissing ? null : fetched;
        }
    }

    private RemoteJob Job(UpstreamRequest submit) => new() { Submit = submit, Every = options.PollEvery, StuckAfter = options.StuckAfter, AtMost = options.AtMost };

    private Outcome<FootagePage> Read(FootageQuery query, JsonElement state, int had, int wanted)
    {
        var offered = 0;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var candidates = ImmutableArray.CreateBuilder<ClipCandidate>();
        foreach (var item in state.Field("result").Items("results"))
        {
            if (offered++ >= had && Candidate(item) is { } candidate && seen.Add(candidate.Id))
            {
                candidates.Add(candidate);
            }
        }

        return candidates.Count == 0 && had == 0
            ? NoMatch.For(query, Name)
            : new FootagePage(candidates.ToImmutable(), offered >= wanted && wanted < options.MostResults ? wanted.ToString(CultureInfo.InvariantCulture) : null);
    }

    // Null for what cannot be a clip; one bad item costs itself only.
    private static ClipCandidate? Candidate(JsonElement item)
    {
        // No length at all is no fault; a length that is none (a live stream, a NaN) is.
        var length = item.Field("duration_seconds");
        var seconds = item.Number("duration_seconds");
        return item.Text("video_id") is { } id && RemoteIds.Fits(id) && (length.ValueKind is JsonValueKind.Undefined || seconds > 0)
            ? new(SourceName, id, Page(id), OneLine.Of(item.Text("title") ?? id, 200), Line(item.Text("channel_name")), Page(id), "YouTube: all rights with the channel, unless its page says otherwise", seconds)
            : null;
    }

    private static string Page(string id) => $"https://youtube.com/watch?v={id}";

    private static string? Line(string? text) => text is null ? null : OneLine.Of(text, 200);
}
