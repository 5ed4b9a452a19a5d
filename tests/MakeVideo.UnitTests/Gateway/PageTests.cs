using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Page;

namespace MakeVideo.UnitTests.Gateway;

/// <summary>How the page is served, and the calls that are there for it.</summary>
public sealed partial class PageTests
{
    private const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    [Fact]
    public async Task The_root_is_a_page_to_browsers_and_json_to_programs()
    {
        await using var server = await GatewayServer.StartAsync();

        using var page = await AskAsync(server, "/", Browser);
        Assert.Equal((HttpStatusCode.OK, "text/html"), (page.StatusCode, page.Content.Headers.ContentType?.MediaType));
        Assert.Contains("<main id=\"main\"", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        foreach (var accept in new[] { null, "*/*", "application/json" })
        {
            using var json = await AskAsync(server, "/", accept);
            Assert.Equal(("application/json", "Accept"), (json.Content.Headers.ContentType?.MediaType, json.Headers.Vary.Single()));
            var body = JsonNode.Parse(await json.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
            Assert.Equal(("make-video", "/jobs"), ((string?)body["service"], (string?)body["jobs"]));
            Assert.NotEmpty((string)body["version"]!);
        }
    }

    [Fact]
    public async Task The_page_may_load_and_run_nothing_but_its_own_files()
    {
        await using var server = await GatewayServer.StartAsync();

        using var page = await AskAsync(server, "/", Browser);
        var policy = string.Join(';', page.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal(("nosniff", "no-referrer", "DENY"), (page.Headers.GetValues("X-Content-Type-Options").Single(), page.Headers.GetValues("Referrer-Policy").Single(), page.Headers.GetValues("X-Frame-Options").Single()));

        // Every file that it names is there, and none is elsewhere.
        foreach (var (name, file) in PageFiles.All)
        {
            var text = System.Text.Encoding.UTF8.GetString(file.Bytes.Span);
            Assert.True(!Elsewhere().IsMatch(text.Replace("http://www.w3.org/", "", StringComparison.Ordinal)) || name.EndsWith(".woff2", StringComparison.Ordinal), name);
            foreach (Match address in Address().Matches(text))
            {
                Assert.True(PageFiles.All.ContainsKey(address.Groups[1].Value), $"{name} wants {address.Value}");
            }

            Assert.DoesNotContain("style=\"", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_file_is_sent_again_only_when_it_has_changed()
    {
        await using var server = await GatewayServer.StartAsync();
        using var first = await AskAsync(server, "/page/app.js");
        Assert.Equal(("text/javascript", "no-cache"), (first.Content.Headers.ContentType?.MediaType, first.Headers.CacheControl?.ToString()));

        var request = new HttpRequestMessage(HttpMethod.Get, "/page/app.js");
        request.Headers.TryAddWithoutValidation("If-None-Match", first.Headers.ETag!.Tag);
        using var second = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        foreach (var path in new[] { "/page/none.js", "/page/../GatewayJson.cs", "/page/%2e%2e/x", "/page/" })
        {
            using var nothing = await AskAsync(server, path);
            await ProblemAssert.IsAsync(nothing, HttpStatusCode.NotFound, "not_found");
        }
    }

    [Fact]
    public async Task The_cluster_shows_its_silos_its_line_and_its_jobs()
    {
        await using var server = await GatewayServer.StartAsync();
        server.Cluster.View = new(
            [new("silo-1", "10.0.0.7:11111", 2, 3, 4, Draining: false, StoreSeen: true, "http://10.0.0.7:8081"), new("silo-2", "10.0.0.8:11111", 0, 0, 4, Draining: true, StoreSeen: true, null)],
            new(3, 9, 16), ImmutableDictionary<string, long>.Empty.Add("parked", 2).Add("completed", 40));

        var body = JsonNode.Parse(await server.Client.GetStringAsync("/cluster", TestContext.Current.CancellationToken))!;

        Assert.Equal(
            """{"silos":[{"name":"silo-1","address":"10.0.0.7:11111","slots_used":2,"slots_waiting":3,"slots":4,"draining":false,"store_seen":true,"dashboard":"http://10.0.0.7:8081/dashboard/"},{"name":"silo-2","address":"10.0.0.8:11111","slots_used":0,"slots_waiting":0,"slots":4,"draining":true,"store_seen":true,"dashboard":null}],"line":{"working":3,"waiting":9,"most":16},"jobs":{"completed":40,"parked":2}}""",
            body.ToJsonString());
    }

    [Fact]
    public async Task The_words_of_a_job_come_with_their_times_once_they_are_known()
    {
        await using var server = await GatewayServer.StartAsync();
        server.Cluster.Jobs[Samples.Id] = Samples.Queued(Samples.Request());
        await ProblemAssert.IsAsync(await server.GetAsync($"/jobs/{Samples.Id}/words"), HttpStatusCode.Conflict, FailureCodes.JobNotCompleted);
        await ProblemAssert.IsAsync(await server.GetAsync("/jobs/0123456789ABCDEFabcdeX/words"), HttpStatusCode.NotFound, FailureCodes.JobNotFound);

        server.Cluster.Transcripts[Samples.Id] = new("en", "script", [new("Hello,", 0.1234, 0.5), new("you", 0.5, 0.9)], []);

        Assert.Equal(
            """{"language":"en","engine":"script","words":[{"text":"Hello,","start":0.123,"end":0.5},{"text":"you","start":0.5,"end":0.9}]}""",
            await server.Client.GetStringAsync($"/jobs/{Samples.Id}/words", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_brief_list_leaves_out_what_may_be_long()
    {
        await using var server = await GatewayServer.StartAsync();
        server.Cluster.Jobs[Samples.Id] = Samples.Completed();

        var brief = JsonNode.Parse(await server.Client.GetStringAsync("/jobs?brief=true", TestContext.Current.CancellationToken))![0]!;
        var whole = JsonNode.Parse(await server.Client.GetStringAsync("/jobs", TestContext.Current.CancellationToken))![0]!;

        Assert.Equal((0, 0, 0, "completed"), (brief["clips"]!.AsArray().Count, brief["segments"]!.AsArray().Count, brief["result"]!["shorts_list"]!.AsArray().Count, (string?)brief["status"]));
        Assert.NotEmpty(whole["clips"]!.AsArray());
    }

    private static Task<HttpResponseMessage> AskAsync(GatewayServer server, string path, string? accept = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        return server.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    [GeneratedRegex("https?://|[\"'(]//")]
    private static partial Regex Elsewhere();

    [GeneratedRegex("[\"'(]/page/([a-z0-9/._-]+)[\"')]")]
    private static partial Regex Address();
}
