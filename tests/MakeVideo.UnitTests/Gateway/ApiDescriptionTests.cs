using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Keys;
using MakeVideo.Gateway.Limits;
using Microsoft.Extensions.DependencyInjection;

namespace MakeVideo.UnitTests.Gateway;

/// <summary>The description that a running server gives of itself, held against what it does.</summary>
public sealed class ApiDescriptionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_call_answers_as_the_description_says_whatever_goes_wrong()
    {
        await using var server = await GatewayServer.StartClosedAsync();
        var document = await DocumentAsync(server);
        var (_, admin) = await server.KeyAsync("ops", KeyScope.Admin);
        var (_, nothing) = await server.KeyAsync("ann");
        var seen = new HashSet<int>();

        foreach (var (method, path) in Calls(document))
        {
            await CheckAsync("no key", null);
            await CheckAsync("a key without scopes", nothing);
            await CheckAsync("nothing there", admin);
            Filled(server, JobStatus.Completed);
            await CheckAsync("a completed job", admin);
            Filled(server, JobStatus.Failed);
            await CheckAsync("a failed job", admin);
            server.Cluster.Outage = new TimeoutException();
            await CheckAsync("an outage", admin);
            server.Cluster.Outage = new InvalidOperationException("bug");
            await CheckAsync("a bug", admin);
            server.Cluster.Outage = null;

            async Task CheckAsync(string when, string? token)
            {
                var address = path.Replace("{source}", "library", StringComparison.Ordinal).Replace("{id}", path.Contains("clips", StringComparison.Ordinal) ? "clip" : Samples.Id, StringComparison.Ordinal).Replace("{code}", "queue_full", StringComparison.Ordinal);
                foreach (var (query, content) in Requests(method, path))
                {
                    seen.Add(IsDescribed(document, method, path, await server.SendAsync(method, address + query, token, content), $"{method} {path}{query}, {when}"));
                }
            }
        }

        Assert.Superset(new HashSet<int> { 200, 202, 400, 401, 403, 404, 409, 415, 422, 500, 503 }, seen);
    }

    [Fact]
    public async Task Limits_are_described_too()
    {
        await using var server = await GatewayServer.StartAsync(services: services => services.Configure<LimitOptions>(limits => (limits.RequestBurst, limits.RequestsPerSecond) = (1, 1)));
        var document = await DocumentAsync(server);

        foreach (var (method, path) in Calls(document).Where(call => !call.Path.StartsWith("/health", StringComparison.Ordinal)))
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => server.SendAsync(method, path.Replace("{id}", Samples.Id, StringComparison.Ordinal), null)));

            Assert.Contains(answers, answer => answer.StatusCode is HttpStatusCode.TooManyRequests);
            IsDescribed(document, method, path, answers.First(answer => answer.StatusCode is HttpStatusCode.TooManyRequests), $"{method} {path}");
        }

        server.Cluster.Load = new(100_000, 1, 0, 0, 1, 1);
        Assert.NotNull(document["paths"]!["/make-video"]!["post"]!["responses"]!["507"]);
    }

    [Fact]
    public async Task The_pages_to_read_it_load_nothing_from_elsewhere()
    {
        await using var server = await GatewayServer.StartAsync();

        var page = await server.GetAsync("/docs/");
        var html = await page.Content.ReadAsStringAsync(Cancellation);
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();

        Assert.DoesNotContain("//", Regex.Replace(html, "<!--.*?-->", ""), StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        var scripts = Regex.Matches(html, "<script[^>]* src=\"([^\"]+)\"").Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(scripts);
        foreach (var script in scripts.Append("favicon.svg"))
        {
            Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("/docs/" + script)).StatusCode);
        }

        Assert.Contains("\"withDefaultFonts\":false", html, StringComparison.Ordinal);
        Assert.Contains("\"telemetry\":false", html, StringComparison.Ordinal);
    }

    private static async Task<JsonNode> DocumentAsync(GatewayServer server) => JsonNode.Parse(await (await server.GetAsync("/openapi/v1.json")).Content.ReadAsStringAsync(Cancellation))!;

    private static IEnumerable<(string Method, string Path)> Calls(JsonNode document) =>
        document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(call => (call.Key.ToUpperInvariant(), path.Key)));

    /// <summary>Requests of all sorts to one call: good ones, and each with something wrong.</summary>
    private static IEnumerable<(string Query, HttpContent? Content)> Requests(string method, string path)
    {
        yield return ("", null);
        switch (path)
        {
            case "/make-video":
                yield return ("", Form("ocean"));
                yield return ("", Form("x"));
                yield return ("", new StringContent("{}", Encoding.UTF8, "application/json"));
                yield return ("", new MultipartFormDataContent { { new StringContent("x"), "misspelt" } });
                break;
            case "/batch":
                yield return ("", new StringContent($$"""[{"job_id": "{{Samples.Id}}", "query": "ocean"}, {}]""", Encoding.UTF8, "application/json"));
                yield return ("", new StringContent("{", Encoding.UTF8, "application/json"));
                yield return ("", new StringContent("{}", Encoding.UTF8, "application/json"));
                break;
            default:
                foreach (var query in method == "GET" ? new[] { "?limit=0", "?cursor=!", "?since=x", "?offset=-1", "?format=vtt", "?max_age_minutes=x" } : ["?days=x", "?max_age_minutes=x"])
                {
                    yield return (query, null);
                }

                break;
        }
    }

    private static MultipartFormDataContent Form(string query) => new() { { new ByteArrayContent(Samples.Wav(5000)), "audio_file", "song.wav" }, { new StringContent(query), "query" } };

    private static void Filled(GatewayServer server, JobStatus status)
    {
        var job = status is JobStatus.Completed ? Samples.Completed() : Samples.Failed();
        server.Cluster.Jobs[Samples.Id] = job;
        Directory.CreateDirectory(server.Data.Published(Samples.Id));
        foreach (var file in new[] { server.Data.Video(Samples.Id, job.Result?.Epoch ?? 0), server.Data.Subtitles(Samples.Id, job.Result?.Epoch ?? 0), server.Data.Credits(Samples.Id, job.Result?.Epoch ?? 0) })
        {
            File.WriteAllText(file, "x");
        }
    }

    private static int IsDescribed(JsonNode document, string method, string path, HttpResponseMessage answer, string what)
    {
        var status = (int)answer.StatusCode;
        var responses = document["paths"]![path]![method.ToLowerInvariant()]!["responses"]!;
        Assert.True(responses[$"{status}"] is not null, $"{what}: {status} is not described, only {string.Join(", ", responses.AsObject().Select(response => response.Key))}");
        if (answer.Content.Headers.ContentType?.MediaType is { } type && method != "HEAD")
        {
            Assert.True(responses[$"{status}"]!["content"]?[type] is not null, $"{what}: {status} with {type} is not described");
        }

        return status;
    }
}
