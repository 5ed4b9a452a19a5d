using System.Net;
using System.Text.Json.Nodes;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Keys;
using MakeVideo.Gateway.Problems;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MakeVideo.UnitTests.Gateway.Keys;

public sealed class KeyTests
{
    private static readonly string[] ForAdmins =
    [
        "GET /jobs/orphaned", "POST /jobs/orphaned/cleanup", "POST /jobs/cleanup-failed", "POST /cache/cleanup", "POST /clips/{source}/{id}/accept", "POST /clips/{source}/{id}/reject",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_key_or_with_a_wrong_one_every_call_is_401_but_those_about_the_service()
    {
        await using var server = await GatewayServer.StartClosedAsync();
        var (key, token) = await server.KeyAsync("ann", KeyScope.Admin);
        var wrong = token[..^1] + (token[^1] == 'A' ? 'B' : 'A');
        server.Cluster.Outage = new InvalidOperationException("A grain was called.");

        foreach (var (method, path) in Calls(server).Where(call => !IsOpen(call.Path)))
        {
            var missing = await server.SendAsync(method, Filled(path), token: null);
            await ProblemAsync(missing, HttpStatusCode.Unauthorized, HttpCodes.KeyMissing, method);
            Assert.Equal("Bearer realm=\"makevideo\"", missing.Headers.WwwAuthenticate.Single().ToString());

            var refused = await server.SendAsync(method, Filled(path), wrong);
            await ProblemAsync(refused, HttpStatusCode.Unauthorized, HttpCodes.KeyInvalid, method);
            Assert.Contains("invalid_token", refused.Headers.WwwAuthenticate.Single().ToString(), StringComparison.Ordinal);
        }

        server.Cluster.Outage = null;
        foreach (var path in new[] { "/health/live", "/health/ready", "/health", "/", "/openapi/v1.json" })
        {
            Assert.Equal(HttpStatusCode.OK, (await server.GetAsync(path)).StatusCode);
        }

        foreach (var path in new[] { "/metrics", "/dashboard/", "/admin/stats" })
        {
            Assert.True((await server.SendAsync("GET", path, token: null)).StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Unauthorized, path);
        }

        Assert.Equal("ann", key.Owner);
    }

    [Fact]
    public async Task Another_owners_job_does_not_exist_on_any_address()
    {
        await using var server = await GatewayServer.StartClosedAsync();
        var (_, mine) = await server.KeyAsync("ann", KeyScope.Submit, KeyScope.Read);
        var (_, admin) = await server.KeyAsync("root", KeyScope.Admin);
        foreach (var owner in new[] { "bob", null })
        {
            server.Cluster.Jobs[Samples.Id] = Samples.Completed() with { Request = Samples.Request() with { Owner = owner } };
            foreach (var (method, path) in Calls(server).Where(call => (call.Path.StartsWith("/jobs/{id}", StringComparison.Ordinal) || call.Path.StartsWith("/download/{id}", StringComparison.Ordinal)) && call.Method != "HEAD"))
            {
                var answer = await server.SendAsync(method, Filled(path), mine);
                await ProblemAsync(answer, HttpStatusCode.NotFound, FailureCodes.JobNotFound, method);
            }

            Assert.True(server.Cluster.Jobs.ContainsKey(Samples.Id));
            Assert.Equal(HttpStatusCode.OK, (await server.SendAsync("GET", $"/jobs/{Samples.Id}", admin)).StatusCode);
        }

        server.Cluster.Jobs[Samples.Id] = Samples.Completed() with { Request = Samples.Request() with { Owner = "ann" } };
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync("GET", $"/jobs/{Samples.Id}", mine)).StatusCode);
    }

    [Fact]
    public async Task A_list_has_the_owners_jobs_and_an_admins_has_all()
    {
        await using var server = await GatewayServer.StartClosedAsync();
        var (_, ann) = await server.KeyAsync("ann", KeyScope.Read);
        var (_, admin) = await server.KeyAsync("root", KeyScope.Admin);
        foreach (var owner in new[] { "ann", "bob", null })
        {
            var id = JobIds.Create();
            server.Cluster.Jobs[id] = Samples.Queued(Samples.Request(id) with { Owner = owner });
        }

        Assert.Equal("ann", (string?)Assert.Single(await ListAsync(server, "/jobs", ann))!["owner"]);
        Assert.Equal("ann", server.Cluster.Asked?.Owner);
        Assert.Equal(3, (await ListAsync(server, "/jobs", admin)).Count);
        Assert.Equal("bob", (string?)Assert.Single(await ListAsync(server, "/jobs?owner=bob", admin))!["owner"]);
        await ProblemAssert.IsAsync(await server.SendAsync("GET", "/jobs?owner=bob", ann), HttpStatusCode.BadRequest, HttpCodes.FilterInvalid);
    }

    [Fact]
    public async Task A_key_does_what_its_scopes_say_and_is_told_which_one_is_missing()
    {
        await using var server = await GatewayServer.StartClosedAsync();
        var (_, read) = await server.KeyAsync("ann", KeyScope.Read);
        var (_, submit) = await server.KeyAsync("ann", KeyScope.Submit);

        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync("GET", "/jobs", read)).StatusCode);
        await MissesAsync(await server.SendAsync("POST", "/make-video", read, Form()), "submit");
        await MissesAsync(await server.SendAsync("GET", "/jobs", submit), "read");
        Assert.Equal(HttpStatusCode.Accepted, (await server.SendAsync("POST", "/make-video", submit, Form())).StatusCode);
        foreach (var call in ForAdmins.Select(call => call.Split(' ')))
        {
            await MissesAsync(await server.SendAsync(call[0], Filled(call[1]), submit), "admin");
        }

        static async Task MissesAsync(HttpResponseMessage response, string scope)
        {
            var problem = await ProblemAssert.IsAsync(response, HttpStatusCode.Forbidden, HttpCodes.ScopeMissing);
            Assert.Contains($"scope {scope};", (string)problem["detail"]!, StringComparison.Ordinal);
            Assert.Contains($"scope=\"{scope}\"", response.Headers.WwwAuthenticate.Single().ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_job_is_its_senders_and_an_idempotency_key_is_the_owners_own()
    {
        await using var server = await GatewayServer.StartClosedAsync();
        var (_, ann) = await server.KeyAsync("ann", KeyScope.Submit);
        var (_, bob) = await server.KeyAsync("bob", KeyScope.Submit);

        var first = await PostAsync(ann);
        Assert.Equal(first, await PostAsync(ann));
        var other = await PostAsync(bob);

        Assert.NotEqual(first, other);
        Assert.Equal(("ann", "bob"), (server.Cluster.Jobs[first].Request.Owner, server.Cluster.Jobs[other].Request.Owner));

        async Task<string> PostAsync(string token)
        {
            var form = Form();
            var request = new HttpRequestMessage(HttpMethod.Post, "/make-video") { Content = form };
            request.Headers.TryAddWithoutValidation("X-Api-Key", token);
            request.Headers.TryAddWithoutValidation("Idempotency-Key", "the-same");
            var response = await server.Client.SendAsync(request, Cancellation);
            var text = await response.Content.ReadAsStringAsync(Cancellation);
            Assert.True(response.StatusCode is HttpStatusCode.Accepted, text);
            return (string)JsonNode.Parse(text)!["job_id"]!;
        }
    }

    [Fact]
    public async Task A_revoked_key_ends_and_a_damaged_file_changes_nothing()
    {
        await using var server = await GatewayServer.StartClosedAsync();
        var (key, token) = await server.KeyAsync("ann", KeyScope.Read);
        var (_, other) = await server.KeyAsync("bob", KeyScope.Read);
        var ring = server.Services.GetRequiredService<KeyRing>();

        new KeyFile(server.Data).Change(keys => [.. keys.Select(each => each.Id == key.Id ? each with { RevokedAt = Samples.Noon } : each)]);
        await GatewayServer.HoldsAsync(() => ring.Find(token) is null);
        await ProblemAssert.IsAsync(await server.SendAsync("GET", "/jobs", token), HttpStatusCode.Unauthorized, HttpCodes.KeyInvalid);

        await File.WriteAllTextAsync(server.Data.Keys, "{", Cancellation);
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync("GET", "/jobs", other)).StatusCode);
        File.Delete(server.Data.Keys);
        await GatewayServer.HoldsAsync(() => ring.Find(other) is null);
    }

    [Fact]
    public async Task On_the_loopback_nobody_is_asked_but_who_says_who_they_are_is_believed_or_refused()
    {
        await using var server = await GatewayServer.StartAsync();
        var (_, ann) = await server.KeyAsync("ann", KeyScope.Read);
        server.Cluster.Jobs[Samples.Id] = Samples.Queued(Samples.Request());

        Assert.Single(await ListAsync(server, "/jobs", token: null));
        Assert.Empty(await ListAsync(server, "/jobs", ann));
        await ProblemAssert.IsAsync(await server.SendAsync("GET", "/jobs", ann[..^1] + (ann[^1] == 'A' ? 'B' : 'A')), HttpStatusCode.Unauthorized, HttpCodes.KeyInvalid);
        Assert.Single(await ListAsync(server, "/jobs", "a-token-of-somebody-elses"));
    }

    private static bool IsOpen(string path) => path is "/" or "/health" or "/health/live" or "/health/ready" || path.StartsWith("/openapi", StringComparison.Ordinal)
        || path.StartsWith("/problems", StringComparison.Ordinal) || path.StartsWith("/docs", StringComparison.Ordinal);

    private static IEnumerable<(string Method, string Path)> Calls(GatewayServer server) =>
        server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(route => route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Select(method => (method, route.RoutePattern.RawText!)) ?? []);

    private static string Filled(string path) => path.Replace("{source}", "library", StringComparison.Ordinal).Replace("{id}", Samples.Id, StringComparison.Ordinal);

    private static MultipartFormDataContent Form() => new() { { new ByteArrayContent(Samples.Wav(5000)), "audio_file", "song.wav" }, { new StringContent("ocean"), "query" } };

    private static async Task ProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code, string method)
    {
        Assert.Equal(status, response.StatusCode);
        if (method != "HEAD")
        {
            await ProblemAssert.IsAsync(response, status, code);
        }
    }

    private static async Task<JsonArray> ListAsync(GatewayServer server, string path, string? token)
    {
        var response = await server.SendAsync("GET", path, token);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!.AsArray();
    }
}
