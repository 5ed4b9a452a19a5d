using System.Net;
using System.Text.Json.Nodes;
using MakeVideo.Contracts;

namespace MakeVideo.UnitTests.Gateway;

public sealed class ClipEndpointTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private static readonly ClipView Subtitled = new()
    {
        Source = "library", Id = "abc", Title = "city", Status = ClipStatus.Rejected, Rejection = new(FailureCodes.ClipHasText, JobStage.DownloadingShorts, "It has text."), ExpiresAt = Noon,
        Text = new(0.87, 24, true, true, [new(1.33, 0.1, 0.8, 0.75, 0.05, 0.91)]),
    };

    private static readonly ClipView Ready = new()
    {
        Source = "library", Id = "def", Title = "rain", Status = ClipStatus.Ready, Bytes = 1234, Facts = new(720, 1280, 8, 29.97, "h264", "yuv420p"), LastUsedAt = Noon, Uses = 2,
    };

    [Fact]
    public async Task Clips_are_listed_latest_first_a_page_at_a_time()
    {
        await using var server = await StartAsync();

        var all = await JsonAsync(await server.GetAsync("/clips"));
        Assert.Equal((2, 0, 50), ((int)all["total"]!, (int)all["offset"]!, (int)all["limit"]!));
        Assert.Equal(["def", "abc"], all["clips"]!.AsArray().Select(clip => (string?)clip!["id"]));
        var second = await JsonAsync(await server.GetAsync("/clips?limit=1&offset=1"));
        Assert.Equal(["abc"], second["clips"]!.AsArray().Select(clip => (string?)clip!["id"]));
        var rejected = await JsonAsync(await server.GetAsync("/clips?status=rejected"));
        Assert.Equal((1, "abc"), ((int)rejected["total"]!, (string?)rejected["clips"]![0]!["id"]));
    }

    [Theory]
    [InlineData("/clips?status=missing")]
    [InlineData("/clips?status=1")]
    [InlineData("/clips?limit=0")]
    [InlineData("/clips?limit=501")]
    [InlineData("/clips?offset=-1")]
    [InlineData("/clips?offset=x")]
    public async Task A_list_that_cannot_be_is_refused(string path)
    {
        await using var server = await StartAsync();

        await ProblemAssert.IsAsync(await server.GetAsync(path), HttpStatusCode.UnprocessableEntity, FailureCodes.InvalidRequest);
    }

    [Fact]
    public async Task A_rejected_clip_says_why_and_shows_it()
    {
        await using var server = await StartAsync();
        var picture = server.Data.ClipThumbnail("library", "abc");
        Directory.CreateDirectory(Path.GetDirectoryName(picture)!);
        await File.WriteAllBytesAsync(picture, [1, 2, 3], TestContext.Current.CancellationToken);

        var clip = await JsonAsync(await server.GetAsync("/clips/library/abc"));
        Assert.Equal(("rejected", "clip_has_text", 0.87), ((string?)clip["status"], (string?)clip["rejection"]!["code"], (double)clip["burned_text"]!["score"]!));
        Assert.Equal(0.8, (double)clip["burned_text"]!["boxes"]![0]!["y"]!);
        var shown = await server.GetAsync((string)clip["burned_text"]!["thumbnail"]!);
        Assert.Equal("image/png", shown.Content.Headers.ContentType?.MediaType);
        Assert.Equal([1, 2, 3], await shown.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        await ProblemAssert.IsAsync(await server.GetAsync("/clips/library/def/thumbnail"), HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [InlineData("accept", "accepted")]
    [InlineData("reject", "rejected")]
    public async Task An_operator_decides(string verb, string ruling)
    {
        await using var server = await StartAsync();

        var clip = await JsonAsync(await server.Client.PostAsync($"/clips/library/abc/{verb}", null, TestContext.Current.CancellationToken));

        Assert.Equal(ruling, (string?)clip["ruling"]);
        await ProblemAssert.IsAsync(await server.Client.PostAsync($"/clips/library/nope/{verb}", null, TestContext.Current.CancellationToken), HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [InlineData("/clips/library/nope")]
    [InlineData("/clips/library/..%2F..%2Fetc%2Fpasswd")]
    [InlineData("/clips/library/%2e%2e/thumbnail")]
    [InlineData("/clips/..%2Fvideos/abc/thumbnail")]
    [InlineData("/clips/library/a%00b")]
    [InlineData("/clips/library/a%0Ab/thumbnail")]
    public async Task No_path_leads_to_what_is_no_clip(string path)
    {
        await using var server = await StartAsync();

        var response = await server.GetAsync(path);

        Assert.Contains(response.StatusCode, new[] { HttpStatusCode.NotFound, HttpStatusCode.BadRequest });
    }

    [Fact]
    public async Task The_cache_tells_its_size_with_the_replaced_services_names()
    {
        await using var server = await StartAsync();
        server.Cluster.Cache = new(2, 3 << 20, 50 << 20, [new("library/def", 7, 1 << 20, Noon)]);

        var stats = await JsonAsync(await server.GetAsync("/cache/stats"));

        Assert.Equal((2, 3.0, "def", 7), ((int)stats["total_shorts"]!, (double)stats["total_size_mb"]!, (string?)stats["most_used"]![0]!["video_id"], (int)stats["most_used"]![0]!["uses"]!));
    }

    [Theory]
    [InlineData("/cache/cleanup", 30)]
    [InlineData("/cache/cleanup?days=7", 7)]
    [InlineData("/cache/cleanup?days=0.5", 0.5)]
    public async Task Clips_that_nobody_used_for_some_days_are_removed(string path, double days)
    {
        await using var server = await StartAsync();

        var cleaned = await JsonAsync(await server.Client.PostAsync(path, null, TestContext.Current.CancellationToken));

        Assert.Equal((3, TimeSpan.FromDays(days)), ((int)cleaned["removed_count"]!, server.Cluster.Cleaned));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("NaN")]
    [InlineData("1e9")]
    public async Task A_number_of_days_that_is_none_is_refused(string days)
    {
        await using var server = await StartAsync();

        await ProblemAssert.IsAsync(
            await server.Client.PostAsync($"/cache/cleanup?days={days}", null, TestContext.Current.CancellationToken), HttpStatusCode.UnprocessableEntity, FailureCodes.InvalidRequest);
        Assert.Null(server.Cluster.Cleaned);
    }

    private static async Task<GatewayServer> StartAsync()
    {
        var server = await GatewayServer.StartAsync();
        server.Cluster.Clips["library/abc"] = Subtitled;
        server.Cluster.Clips["library/def"] = Ready;
        return server;
    }

    private static async Task<JsonNode> JsonAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!;
    }
}
