using System.Net;
using System.Text.Json.Nodes;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Problems;

namespace MakeVideo.UnitTests.Gateway;

public sealed class JobListTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_list_is_read_to_its_end_by_the_links_that_it_gives()
    {
        await using var server = await GatewayServer.StartAsync();
        var ids = Enumerable.Range(0, 23).Select(i => Add(server, $"ocean {i}", i)).Reverse().ToList();
        Add(server, "desert", 100);

        var seen = new List<string>();
        var pages = 0;
        for (var next = "/jobs?limit=5&text=OCEAN&status=queued"; next is not null; pages++)
        {
            var response = await server.GetAsync(next);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            seen.AddRange(JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!.AsArray().Select(job => (string)job!["job_id"]!));
            next = response.Headers.TryGetValues("Link", out var link) ? link.Single().Split('<', '>')[1] : null;
            Assert.Equal(next is not null, response.Headers.Contains("X-Next-Cursor"));
            Assert.True(next is null || (next.Contains("text=OCEAN", StringComparison.Ordinal) && next.Contains("limit=5", StringComparison.Ordinal)), next);
        }

        Assert.Equal(ids, seen);
        Assert.InRange(pages, 5, 6);
    }

    [Fact]
    public async Task Times_are_read_with_their_zone()
    {
        await using var server = await GatewayServer.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("/jobs?since=2026-03-04T13:00:00%2B01:00&until=2026-03-05")).StatusCode);

        Assert.Equal((Samples.Noon, new DateTimeOffset(2026, 3, 5, 0, 0, 0, TimeSpan.Zero)), (server.Cluster.Asked!.Since, server.Cluster.Asked.Until));
    }

    [Theory]
    [InlineData("cursor=")]
    [InlineData("cursor=!")]
    [InlineData("cursor=MTIzNDU")]
    [InlineData("cursor=MTI6Li4vLi4vZXRjL3Bhc3N3ZAAAAAAA")]
    [InlineData("since=yesterday")]
    [InlineData("until=99999-01-01")]
    [InlineData("since=2026-03-05&until=2026-03-04")]
    [InlineData("text=")]
    [InlineData("text=%00")]
    [InlineData("owner=../x")]
    public async Task A_filter_that_is_none_is_told(string query)
    {
        await using var server = await GatewayServer.StartAsync();

        await ProblemAssert.IsAsync(await server.GetAsync("/jobs?" + query), HttpStatusCode.BadRequest, HttpCodes.FilterInvalid);
        Assert.Null(server.Cluster.Asked);
    }

    private static string Add(GatewayServer server, string query, int minutes)
    {
        var id = JobIds.Create();
        server.Cluster.Jobs[id] = Samples.Queued(Samples.Request(id) with { Query = query, CreatedAt = Samples.Noon.AddMinutes(minutes) });
        return id;
    }
}
