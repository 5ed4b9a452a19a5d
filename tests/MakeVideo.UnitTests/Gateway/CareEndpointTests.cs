using System.Net;
using System.Text.Json.Nodes;
using MakeVideo.Contracts;

namespace MakeVideo.UnitTests.Gateway;

public sealed class CareEndpointTests
{
    [Fact]
    public async Task A_failed_job_is_retried_and_one_that_needs_none_is_left_alone()
    {
        await using var server = await GatewayServer.StartAsync();
        server.Cluster.Jobs[Samples.Id] = Samples.Failed();

        var retried = await PostAsync(server, $"/jobs/{Samples.Id}/retry");

        Assert.Equal(HttpStatusCode.OK, retried.StatusCode);
        Assert.Equal("queued", (string?)(await JsonAsync(retried))["status"]);
        await ProblemAssert.IsAsync(await PostAsync(server, $"/jobs/{Samples.Id}/retry"), HttpStatusCode.Conflict, FailureCodes.JobConflict);
        await ProblemAssert.IsAsync(await PostAsync(server, "/jobs/0000000000000000000000/retry"), HttpStatusCode.NotFound, FailureCodes.JobNotFound);
    }

    [Fact]
    public async Task The_log_of_a_job_tells_who_did_what_where_and_when()
    {
        await using var server = await GatewayServer.StartAsync();
        server.Cluster.Jobs[Samples.Id] = Samples.Completed();
        server.Cluster.Events[Samples.Id] = [new(Samples.Noon, "taken_up", "silo-1", 1, null), new(Samples.Noon.AddSeconds(2), "segment_done", "silo-2", 1, "segment 1 in 1.50 s")];

        var log = (await JsonAsync(await server.GetAsync($"/jobs/{Samples.Id}/events-log"))).AsArray();

        Assert.Equal(["taken_up", "segment_done"], log.Select(entry => (string?)entry!["kind"]));
        Assert.Equal("""{"at":"2026-03-04T12:00:02.000Z","kind":"segment_done","silo":"silo-2","epoch":1,"detail":"segment 1 in 1.50 s"}""", log[1]!.ToJsonString());
        await ProblemAssert.IsAsync(await server.GetAsync("/jobs/0000000000000000000000/events-log"), HttpStatusCode.NotFound, FailureCodes.JobNotFound);
    }

    [Fact]
    public async Task Orphans_are_listed_with_status_age_and_last_stage()
    {
        await using var server = await GatewayServer.StartAsync();
        server.Cluster.Jobs[Samples.Id] = Samples.Queued(Samples.Request()) with { Status = JobStatus.AssemblingVideo, CurrentStage = JobStage.AssemblingVideo };
        var over = Over(server);
        server.Cluster.Orphans.AddRange([new(Samples.Id, DateTimeOffset.UtcNow.AddMinutes(-7)), new(over, DateTimeOffset.UtcNow.AddMinutes(-9))]);

        var body = await JsonAsync(await server.GetAsync("/jobs/orphaned?max_age_minutes=2.5"));

        Assert.Equal(1, (int?)body["count"]);
        var orphan = body["orphaned_jobs"]!.AsArray().Single()!;
        Assert.Equal(Samples.Id, (string?)orphan["job_id"]);
        Assert.Equal("assembling_video", (string?)orphan["status"]);
        Assert.Equal("assembling_video", (string?)orphan["last_stage"]);
        Assert.InRange((double)orphan["age_minutes"]!, 6.9, 7.5);
    }

    [Theory]
    [InlineData("max_age_minutes=-1")]
    [InlineData("max_age_minutes=soon")]
    [InlineData("max_age_minutes=1e99")]
    [InlineData("max_age_minutes=NaN")]
    public async Task An_age_that_is_none_is_refused(string query)
    {
        await using var server = await GatewayServer.StartAsync();

        await ProblemAssert.IsAsync(await server.GetAsync($"/jobs/orphaned?{query}"), HttpStatusCode.UnprocessableEntity, FailureCodes.InvalidRequest);
        await ProblemAssert.IsAsync(await PostAsync(server, $"/jobs/orphaned/cleanup?{query}"), HttpStatusCode.UnprocessableEntity, FailureCodes.InvalidRequest);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("?mark_as_failed=true", true)]
    [InlineData("?mark_as_failed=false", false)]
    public async Task Cleaning_orphans_up_fails_them_or_deletes_them(string query, bool stays)
    {
        await using var server = await GatewayServer.StartAsync();
        server.Cluster.Jobs[Samples.Id] = Samples.Queued(Samples.Request());
        server.Cluster.Orphans.Add(new(Samples.Id, DateTimeOffset.UtcNow.AddMinutes(-7)));

        var body = await JsonAsync(await PostAsync(server, $"/jobs/orphaned/cleanup{query}"));

        Assert.Equal(1, (int?)body["removed_count"]);
        Assert.Equal(Samples.Id, (string?)body["job_ids"]![0]);
        Assert.Equal(stays, server.Cluster.Jobs.ContainsKey(Samples.Id));
    }

    [Fact]
    public async Task Cleaning_failed_jobs_up_deletes_those_and_no_others()
    {
        await using var server = await GatewayServer.StartAsync();
        var failed = JobIds.Create();
        server.Cluster.Jobs[failed] = Samples.Failed(failed);
        server.Cluster.Jobs[Samples.Id] = Samples.Completed();

        var body = await JsonAsync(await PostAsync(server, "/jobs/cleanup-failed"));

        Assert.Equal($$"""{"removed_count":1,"job_ids":["{{failed}}"]}""", body.ToJsonString());
        Assert.Equal([Samples.Id], server.Cluster.Jobs.Keys);
    }

    [Fact]
    public async Task A_job_whose_state_cannot_be_read_says_so()
    {
        await using var server = await GatewayServer.StartAsync();
        server.Cluster.Jobs[Samples.Id] = Samples.Queued(Samples.Request()) with { Status = JobStatus.DeadLettered, Failure = new(FailureCodes.StateCorrupt, null, "It cannot be read.") };

        var body = await JsonAsync(await server.GetAsync($"/jobs/{Samples.Id}"));

        Assert.Equal("dead_lettered", (string?)body["status"]);
        Assert.Equal(FailureCodes.StateCorrupt, (string?)body["error"]!["code"]);
    }

    private static string Over(GatewayServer server)
    {
        var id = JobIds.Create();
        server.Cluster.Jobs[id] = Samples.Completed(id);
        return id;
    }

    private static Task<HttpResponseMessage> PostAsync(GatewayServer server, string path) => server.Client.PostAsync(new Uri(path, UriKind.Relative), null, TestContext.Current.CancellationToken);

    private static async Task<JsonNode> JsonAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }
}
