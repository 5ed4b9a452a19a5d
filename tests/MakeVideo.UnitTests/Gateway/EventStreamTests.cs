using System.Net;
using System.Text.Json.Nodes;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Events;
using Microsoft.Extensions.DependencyInjection;

namespace MakeVideo.UnitTests.Gateway;

/// <summary><c>GET /jobs/{id}/events</c> over real HTTP.</summary>
public sealed class EventStreamTests
{
    [Fact]
    public async Task A_stream_tells_the_whole_job_then_each_change_in_order_and_ends_with_the_job()
    {
        await using var server = await StartAsync(revision: 7);
        await using var stream = await EventReader.OpenAsync(server);

        var snapshot = await stream.NextAsync();
        Assert.Equal(("snapshot", "7"), (snapshot.Kind, snapshot.Id));
        var asked = JsonNode.Parse(await server.Client.GetStringAsync($"/jobs/{Samples.Id}", TestContext.Current.CancellationToken));
        Assert.True(JsonNode.DeepEquals(asked, snapshot.Data));
        Assert.Equal(2000, stream.Retry);

        Change(server, job => job with
        {
            Status = JobStatus.AssemblingVideo, Progress = 40, Segments = [new("0:00 - 0:04", ItemStatus.Waiting, 0), new("0:04 - 0:08", ItemStatus.Waiting, 0)],
        });
        var first = await stream.NextAsync();
        Assert.Equal(("change", "8", "assembling_video", 40.0), (first.Kind, first.Id, (string?)first.Data["status"], (double?)first.Data["progress"]));
        Assert.False(first.Data.ContainsKey("query"));

        Change(server, job => job with { Segments = job.Segments.SetItem(1, job.Segments[1] with { Status = ItemStatus.Working, Fraction = 0.5, Silo = "silo-1" }) });
        var second = await stream.NextAsync();
        Assert.Equal(["1"], second.Data["segments"]!.AsObject().Select(item => item.Key));
        Assert.Equal(("working", 50.0, "silo-1"), ((string?)second.Data["segments"]!["1"]!["status"], (double?)second.Data["segments"]!["1"]!["progress"], (string?)second.Data["segments"]!["1"]!["silo"]));

        Change(server, job => Samples.Completed() with { Revision = job.Revision });
        var third = await stream.NextAsync();
        Assert.Equal(("snapshot", "completed"), (third.Kind, (string?)third.Data["status"]));
        var end = await stream.NextAsync();
        Assert.Equal(("end", "end", "completed"), (end.Kind, end.Id, (string?)end.Data["status"]));
        Assert.Null(await stream.MaybeAsync());
    }

    [Fact]
    public async Task A_client_that_comes_back_is_told_what_it_missed_and_no_more()
    {
        await using var server = await StartAsync(revision: 7);
        await using var stays = await EventReader.OpenAsync(server);
        await stays.NextAsync();
        foreach (var progress in new[] { 10, 20, 30 })
        {
            Change(server, job => job with { Progress = progress });
            await stays.NextAsync();
        }

        await using (var back = await EventReader.OpenAsync(server, lastId: "8"))
        {
            Assert.Equal([20.0, 30.0], [(double?)(await back.NextAsync()).Data["progress"], (double?)(await back.NextAsync()).Data["progress"]]);
        }

        // Up to date: the next that it hears is the next that happens.
        await using (var current = await EventReader.OpenAsync(server, lastId: "10"))
        {
            Change(server, job => job with { Progress = 40 });
            Assert.Equal(("change", 40.0), ((await current.NextAsync()) is var next ? next.Kind : "", (double?)next.Data["progress"]));
        }

        foreach (var unknown in new[] { "3", "words", "99999999999999999999" })
        {
            await using var whole = await EventReader.OpenAsync(server, unknown);
            Assert.Equal("snapshot", (await whole.NextAsync()).Kind);
        }
    }

    [Fact]
    public async Task After_the_end_there_is_nothing_to_come_back_for_unless_the_job_was_retried()
    {
        await using var server = await StartAsync(revision: 7);
        Change(server, job => Samples.Failed() with { Revision = job.Revision });
        await using (var stream = await EventReader.OpenAsync(server))
        {
            Assert.Equal(["snapshot", "end"], [(await stream.NextAsync()).Kind, (await stream.NextAsync()).Kind]);
        }

        using var again = await EventReader.AskAsync(server, Samples.Id, "end");
        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);

        Change(server, job => job with { Status = JobStatus.Queued, Failure = null });
        await using var retried = await EventReader.OpenAsync(server, "end");
        Assert.Equal("queued", (string?)(await retried.NextAsync()).Data["status"]);
    }

    [Theory]
    [InlineData("0123456789ABCDEFabcdeX")]
    [InlineData("nonsense")]
    public async Task A_job_that_is_not_there_is_a_problem(string id)
    {
        await using var server = await StartAsync();

        using var answer = await EventReader.AskAsync(server, id);

        await ProblemAssert.IsAsync(answer, HttpStatusCode.NotFound, FailureCodes.JobNotFound);
    }

    [Fact]
    public async Task A_job_that_is_deleted_ends_its_streams()
    {
        await using var server = await StartAsync();
        await using var stream = await EventReader.OpenAsync(server);
        await stream.NextAsync();

        server.Cluster.Jobs.TryRemove(Samples.Id, out _);

        var end = await stream.NextAsync();
        Assert.Equal(("end", null), (end.Kind, (string?)end.Data["status"]));
    }

    [Fact]
    public async Task A_cluster_that_goes_away_is_told_once_and_the_stream_goes_on_when_it_is_back()
    {
        await using var server = await StartAsync();
        server.Cluster.WatchWithin = TimeSpan.FromMilliseconds(20);
        await using var stream = await EventReader.OpenAsync(server);
        await stream.NextAsync();

        server.Cluster.Outage = new TimeoutException("no silo");
        var away = await stream.NextAsync();
        Assert.Equal(("away", null, "store_unavailable"), (away.Kind, away.Id, (string?)away.Data["code"]));

        server.Cluster.Outage = null;
        var back = await stream.NextAsync();
        Assert.Equal("snapshot", back.Kind);
    }

    [Fact]
    public async Task A_quiet_job_gives_signs_of_life_that_no_client_takes_for_news()
    {
        await using var server = await StartAsync();
        server.Cluster.WatchWithin = TimeSpan.FromMilliseconds(20);
        await using var stream = await EventReader.OpenAsync(server);
        await stream.NextAsync();

        await stream.CommentAsync();
        Change(server, job => job with { Progress = 5 });

        Assert.Equal("change", (await stream.NextAsync()).Kind);
    }

    [Fact]
    public async Task Many_streams_of_one_job_share_one_watch_that_goes_with_the_last()
    {
        const int Many = 100;
        await using var server = await StartAsync();
        var watches = server.Services.GetRequiredService<JobWatches>();
        var streams = await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => EventReader.OpenAsync(server)));
        await Task.WhenAll(streams.Select(stream => stream.NextAsync()));

        Change(server, job => job with { Progress = 5 });
        var changes = await Task.WhenAll(streams.Select(stream => stream.NextAsync()));

        Assert.All(changes.Select(change => change.Kind), kind => Assert.Equal("change", kind));
        Assert.Equal(1, watches.Count);

        // The first look, the wait for the change, the next wait: not one for each stream.
        Assert.InRange(server.Cluster.Watches, 1, 5);
        foreach (var stream in streams)
        {
            await stream.DisposeAsync();
        }

        await Until(() => watches.Count == 0);
    }

    [Fact]
    public async Task A_gateway_that_stops_lets_its_streams_go()
    {
        var server = await StartAsync();
        var streams = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => EventReader.OpenAsync(server)));
        await Task.WhenAll(streams.Select(stream => stream.NextAsync()));

        await server.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.Equal(0, server.Cluster.Watching);
    }

    private static async Task<GatewayServer> StartAsync(long revision = 1)
    {
        var server = await GatewayServer.StartAsync();
        server.Cluster.Jobs[Samples.Id] = Samples.Queued(Samples.Request()) with { Revision = revision };
        return server;
    }

    private static void Change(GatewayServer server, Func<JobView, JobView> change) =>
        server.Cluster.Jobs[Samples.Id] = change(server.Cluster.Jobs[Samples.Id]) is var next ? next with { Revision = next.Revision + 1 } : null!;

    private static async Task Until(Func<bool> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            await Task.Delay(10, deadline.Token);
        }
    }
}
