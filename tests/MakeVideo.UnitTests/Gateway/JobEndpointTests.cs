using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MakeVideo.Contracts;

namespace MakeVideo.UnitTests.Gateway;

public sealed class JobEndpointTests
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Names that are no job ids, as they stand in an address.</summary>
    public static TheoryData<string> BadIds =>
        ["1", "..%2f..%2fetc%2fpasswd", "0123456789ABCDEFabcde", "0123456789ABCDEFabcdef0", "0123456789ABCDEFabcde%00", "0123456789ABCDEFabcde%0A", "0123456789ABCDEFabcd%C3%A9", "orphans", "%27%20or%201%3D1"];

    [Theory]
    [InlineData("queued")]
    [InlineData("working")]
    [InlineData("failed")]
    [InlineData("completed")]
    public async Task A_job_has_the_names_and_shapes_that_clients_know(string state)
    {
        await using var server = await GatewayServer.StartAsync();
        server.Cluster.Jobs[Samples.Id] = state switch { "queued" => Samples.Queued(Samples.Request()), "working" => Samples.Working(), "failed" => Samples.Failed(), _ => Samples.Completed() };

        var response = await server.GetAsync($"/jobs/{Samples.Id}");

        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        var json = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Golden.Match(json.ToJsonString(Readable) + "\n", $"job-{state}.json");
    }

    [Fact]
    public async Task The_list_is_newest_first_and_skips_what_vanished_or_moved_on()
    {
        await using var server = await GatewayServer.StartAsync();
        var ids = Enumerable.Range(0, 70).Select(_ => JobIds.Create()).ToList();
        foreach (var (id, i) in ids.Select((id, i) => (id, i)))
        {
            server.Cluster.Jobs[id] = Samples.Queued(Samples.Request(id) with { CreatedAt = Samples.Noon.AddMinutes(i) });
        }

        server.Cluster.Jobs[ids[5]] = Samples.Failed(ids[5]);
        server.Cluster.Stale.AddRange([JobIds.Create(), ids[5]]);
        ids.Reverse();

        Assert.Equal(ids.Take(49).Prepend(ids[^6]), await ListAsync(server, "/jobs"));
        Assert.Equal(ids.Where(id => id != ids[^6]), await ListAsync(server, "/jobs?limit=500&status=queued"));
        Assert.Equal([ids[^6], ids[^6]], await ListAsync(server, "/jobs?status=failed&limit=10"));
        Assert.Empty(await ListAsync(server, "/jobs?status=completed&limit=1"));
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=501")]
    [InlineData("?limit=many")]
    [InlineData("?limit=")]
    [InlineData("?status=Queued")]
    [InlineData("?status=0")]
    [InlineData("?status=sleeping")]
    public async Task A_list_with_wrong_bounds_is_refused(string query)
    {
        await using var server = await GatewayServer.StartAsync();

        await ProblemAssert.IsAsync(await server.GetAsync("/jobs" + query), HttpStatusCode.UnprocessableEntity, FailureCodes.InvalidRequest);
    }

    [Theory]
    [MemberData(nameof(BadIds))]
    public async Task What_is_no_id_reaches_no_grain_and_no_path(string id)
    {
        await using var server = await GatewayServer.StartAsync();
        server.Cluster.Outage = new InvalidOperationException("A grain was called.");

        foreach (var (method, path) in new[] { ("GET", $"/jobs/{id}"), ("DELETE", $"/jobs/{id}"), ("POST", $"/jobs/{id}/cancel"), ("GET", $"/jobs/{id}/subtitles"), ("GET", $"/download/{id}"), ("HEAD", $"/download/{id}") })
        {
            var response = await server.Client.SendAsync(new(new(method), path), TestContext.Current.CancellationToken);
            Assert.True(response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{method} {path}: {response.StatusCode}");
        }
    }

    [Fact]
    public async Task A_job_that_is_not_there_is_404_everywhere()
    {
        await using var server = await GatewayServer.StartAsync();

        foreach (var (method, path) in new[] { ("GET", "/jobs/{0}"), ("DELETE", "/jobs/{0}"), ("POST", "/jobs/{0}/cancel"), ("GET", "/jobs/{0}/subtitles"), ("GET", "/download/{0}") })
        {
            var response = await server.Client.SendAsync(new(new(method), path.Replace("{0}", Samples.Id, StringComparison.Ordinal)), TestContext.Current.CancellationToken);
            await ProblemAssert.IsAsync(response, HttpStatusCode.NotFound, FailureCodes.JobNotFound);
        }
    }

    [Fact]
    public async Task Delete_answers_with_the_id_and_the_second_time_404()
    {
        await using var server = await GatewayServer.StartAsync();
        server.Cluster.Jobs[Samples.Id] = Samples.Completed();

        var first = await server.Client.DeleteAsync($"/jobs/{Samples.Id}", TestContext.Current.CancellationToken);
        var body = JsonNode.Parse(await first.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(["message", "job_id"], body.AsObject().Select(property => property.Key));
        Assert.Equal(Samples.Id, (string?)body["job_id"]);
        await ProblemAssert.IsAsync(await server.Client.DeleteAsync($"/jobs/{Samples.Id}", TestContext.Current.CancellationToken), HttpStatusCode.NotFound, FailureCodes.JobNotFound);
    }

    [Fact]
    public async Task Cancel_answers_with_the_job_and_after_the_end_409()
    {
        await using var server = await GatewayServer.StartAsync();
        server.Cluster.Jobs[Samples.Id] = Samples.Queued(Samples.Request());

        var cancelled = await server.Client.PostAsync($"/jobs/{Samples.Id}/cancel", null, TestContext.Current.CancellationToken);
        Assert.Equal("cancelled", (string?)JsonNode.Parse(await cancelled.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["status"]);

        server.Cluster.Jobs[Samples.Id] = Samples.Completed();
        await ProblemAssert.IsAsync(
            await server.Client.PostAsync($"/jobs/{Samples.Id}/cancel", null, TestContext.Current.CancellationToken), HttpStatusCode.Conflict, FailureCodes.JobConflict);
    }

    private static async Task<IEnumerable<string>> ListAsync(GatewayServer server, string path)
    {
        var response = await server.GetAsync(path);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsArray().Select(job => (string)job!["job_id"]!);
    }
}
