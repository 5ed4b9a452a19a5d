using MakeVideo.EndToEndTests.Cluster;
using MakeVideo.EndToEndTests.Processes;
using MakeVideo.FakeUpstreams;
using MakeVideo.FakeUpstreams.Faults;

namespace MakeVideo.EndToEndTests.Upstreams;

/// <summary>Services outside that are down, or ask to be left alone: jobs wait, and none fails.</summary>
[Collection(ClusterCollection.Name)]
public sealed class OutageTests(UpstreamCluster world)
{
    private const string Downloader = "video-downloader";

    [Fact]
    public async Task A_branch_waits_for_its_service_while_the_other_goes_on_and_the_job_parks_when_only_waiting_is_left()
    {
        var cluster = await world.WholeAsync();
        world.Break(Downloader);
        world.Fakes.Faults.Add(new() { Kind = FaultKinds.Silent, Service = "audio-transcriber", Method = "POST" });
        var id = await cluster.SubmitAsync("source=youtube", world.Speech(8.1));

        var waiting = await cluster.UntilAsync(id, job => job["parked"] is not null);
        Assert.Equal(("generating_subtitles", "upstream_unavailable", Downloader, 1), ((string?)waiting["status"], (string?)waiting["parked"]!["code"], (string?)waiting["parked"]!["upstream"], (int)waiting["epoch"]!));
        Assert.True((DateTimeOffset)waiting["parked"]!["until"]! > DateTimeOffset.UtcNow.AddSeconds(-1), $"{waiting["parked"]}");

        // The speech goes on; the downloader stays as it was.
        world.Fakes.Faults.Clear();
        world.Break(Downloader);
        var parked = await cluster.UntilAsync(id, job => (string?)job["status"] == "parked");
        Assert.Equal(("upstream_unavailable", Downloader, "completed"), ((string?)parked["parked"]!["code"], (string?)parked["parked"]!["upstream"], (string?)parked["stages"]!["generating_subtitles"]!["status"]));

        world.Fakes.Faults.Clear();
        await cluster.IsDoneOnceAsync(id);
        Assert.Equal(1, world.Fakes.Calls.Count("youtube-search", "POST"));
    }

    [Fact]
    public async Task A_branch_that_waits_is_taken_up_where_it_was_when_its_silo_dies()
    {
        var cluster = await world.WholeAsync();
        world.Break(Downloader);
        world.Fakes.Faults.Add(new() { Kind = FaultKinds.Silent, Service = "audio-transcriber", Method = "POST" });
        var id = await cluster.SubmitAsync("source=youtube", world.Speech(8.2));
        await cluster.UntilAsync(id, job => job["parked"] is not null);

        await (await cluster.OwnerAsync(id)).KillAsync();
        await cluster.UntilAsync(id, job => (int)job["epoch"]! == 2 && (string?)job["status"] == "generating_subtitles");
        world.Fakes.Faults.Clear();

        await cluster.IsDoneOnceAsync(id);
        Assert.Equal(1, world.Fakes.Calls.Count("youtube-search", "POST"));
    }

    [Fact]
    public async Task An_outage_fails_no_job_costs_few_calls_and_its_end_is_noticed_soon()
    {
        const int Jobs = 20;
        var outage = TimeSpan.FromSeconds(30);
        var cluster = await world.WholeAsync();
        world.Break(Downloader);
        var broken = DateTimeOffset.UtcNow;
        var jobs = await Task.WhenAll(Enumerable.Range(0, Jobs).Select(_ => cluster.SubmitAsync("source=youtube", world.Speech(5.5))));

        var parked = new HashSet<string>();
        while (DateTimeOffset.UtcNow - broken < outage)
        {
            foreach (var job in (await cluster.Gateway.Http.RunAsync("/jobs?status=parked&limit=100")).Json!.AsArray().Where(job => (string?)job!["parked"]!["upstream"] == Downloader))
            {
                parked.Add((string)job!["job_id"]!);
            }
        }

        world.Fakes.Faults.Clear();
        var mended = DateTimeOffset.UtcNow;
        foreach (var id in jobs)
        {
            await cluster.CompletesAsync(id);
        }

        var calls = world.Fakes.Calls.All.Where(call => call.Service == Downloader).ToList();
        var during = calls.Count(call => call.At < mended);
        var naive = Naive(Jobs, clips: 5, outage);
        TestContext.Current.TestOutputHelper?.WriteLine($"{during} calls in the outage, {naive} without breaker and shared state; first after it: {(calls.First(call => call.At >= mended).At - mended).TotalSeconds:0.0} s");
        Assert.Equal(Jobs, parked.Intersect(jobs).Count());
        Assert.InRange(during, 10, naive / 5);
        Assert.InRange((calls.First(call => call.At >= mended).At - mended).TotalSeconds, 0, 10);
    }

    [Fact]
    public async Task What_a_service_asks_for_with_429_is_honoured_by_every_silo()
    {
        var cluster = await world.WholeAsync();
        world.Fakes.Faults.Add(new() { Kind = FaultKinds.Status, Service = Downloader, Status = 429, RetryAfter = "8", Times = 1 });

        var jobs = await Task.WhenAll(Enumerable.Range(0, 3).Select(job => cluster.SubmitAsync("source=youtube", world.Speech(9 + (job / 10.0)))));
        await Eventually.HoldsAsync(() => Calls().Count > 0, () => cluster.Log);
        var parked = await cluster.UntilAsync(jobs[0], job => job["parked"] is not null);
        foreach (var id in jobs)
        {
            await cluster.CompletesAsync(id);
        }

        Assert.Equal(("upstream_throttled", Downloader), ((string?)parked["parked"]!["code"], (string?)parked["parked"]!["upstream"]));

        // What was out already when the answer came is no breach.
        var first = Calls()[0].At;
        Assert.DoesNotContain(Calls(), call => call.At > first.AddSeconds(1) && call.At < first.AddSeconds(7.9));
        Assert.True(Calls().Count > 10, "Nobody came back.");

        List<Call> Calls() => [.. world.Fakes.Calls.All.Where(call => call.Service == Downloader)];
    }

    /// <summary>
    /// Calls of jobs that know nothing of each other: each asks for each of its clips four times (a call and three repetitions, 3.5 s of pauses), waits five seconds and does so again.
    /// </summary>
    private static int Naive(int jobs, int clips, TimeSpan outage) => jobs * Math.Min(clips, 4) * 4 * (int)(outage.TotalSeconds / (3.5 + 5));
}
