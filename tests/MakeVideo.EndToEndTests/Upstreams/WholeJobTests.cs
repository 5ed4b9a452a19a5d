using MakeVideo.EndToEndTests.Cluster;

namespace MakeVideo.EndToEndTests.Upstreams;

/// <summary>Whole jobs from curl to video, with all that they need from services outside.</summary>
[Collection(ClusterCollection.Name)]
public sealed class WholeJobTests(UpstreamCluster world)
{
    [Fact]
    public async Task A_job_is_made_of_what_the_services_of_the_reference_find_fetch_and_hear()
    {
        var cluster = await world.WholeAsync();

        var id = await cluster.SubmitAsync("source=youtube", world.Speech(7.1));
        var job = await cluster.CompletesAsync(id);

        await cluster.IsDoneOnceAsync(id);
        var heard = job["stages"]!["generating_subtitles"]!["metadata"]!;
        Assert.Equal(("audio-transcriber", "en", 14), ((string?)heard["engine"], (string?)heard["language"], (int)heard["words"]!));
        Assert.Equal("youtube", (string?)job["stages"]!["fetching_shorts"]!["metadata"]!["source"]);
        Assert.All(job["result"]!["shorts_list"]!.AsArray(), used => Assert.Equal("A Fake Channel", (string?)used!["credit"]));
        Assert.Equal(1, world.Fakes.Calls.Count("youtube-search", "POST"));
        Assert.Equal(1, world.Fakes.Calls.Count("audio-transcriber", "POST"));
        Assert.Equal(job["clips"]!.AsArray().Count, world.Downloads().Count);
        Assert.All(world.Downloads(), clip => Assert.Equal(1, clip.Value));
    }

    [Fact]
    public async Task A_job_takes_the_sources_and_the_engine_that_are_asked_for()
    {
        var cluster = await world.WholeAsync();

        var pexels = await cluster.SubmitAsync("source=pexels", "subtitle_language=pt", world.Speech(7.2));
        var pixabay = await cluster.SubmitAsync("source=pixabay,pexels", "subtitle_language=pt", world.Speech(7.2));
        var jobs = new[] { await cluster.CompletesAsync(pexels), await cluster.CompletesAsync(pixabay) };

        Assert.All(jobs, job => Assert.Equal("openai", (string?)job["stages"]!["generating_subtitles"]!["metadata"]!["engine"]));
        Assert.Equal(["pexels", "pixabay"], jobs.Select(job => (string?)job["stages"]!["fetching_shorts"]!["metadata"]!["source"]));
        Assert.Equal(["A Fake Author", "A Fake User"], jobs.Select(job => (string?)job["result"]!["shorts_list"]![0]!["credit"]));
        var credits = await cluster.Gateway.Http.RunAsync($"/download/{pexels}/credits");
        Assert.Equal((200, "text/plain; charset=utf-8"), (credits.Status, credits.Headers["content-type"]));
        Assert.StartsWith("Footage\n\n0:00  city lights\n      by A Fake Author\n      https://www.pexels.com/video/", credits.Text, StringComparison.Ordinal);
        Assert.Equal(jobs[0]["result"]!["shorts_list"]!.AsArray().DistinctBy(used => (string?)used!["video_id"]).Count(), credits.Text.Split("Pexels License").Length - 1);
        Assert.Equal("Pexels License", (string?)jobs[0]["result"]!["shorts_list"]![0]!["licence"]);
        Assert.Equal((1, 1, 1), (world.Fakes.Calls.Count("openai"), world.Fakes.Calls.Count("pexels", path: "/videos/search"), world.Fakes.Calls.Count("pixabay", path: "/api/videos/")));
        Assert.Equal(0, world.Fakes.Calls.Count("youtube-search"));
    }

    [Fact]
    public async Task A_source_that_is_empty_or_refuses_is_passed_over_for_the_next()
    {
        var cluster = await world.WholeAsync();
        world.Break("pexels", status: 401);

        var id = await cluster.SubmitAsync("source=library,pexels,youtube", "query=nothing there", world.Speech(7.3));
        var job = await cluster.CompletesAsync(id);

        Assert.Equal("youtube", (string?)job["stages"]!["fetching_shorts"]!["metadata"]!["source"]);
        Assert.Equal((1, 1), (world.Fakes.Calls.Count("pexels"), world.Fakes.Calls.Count("youtube-search", "POST")));
    }

    [Fact]
    public async Task A_source_that_nobody_set_up_is_refused_with_the_names_of_those_that_are()
    {
        var cluster = await world.WholeAsync();

        var refused = await cluster.TrySubmitAsync("source=pexels,vimeo");

        Assert.Equal((422, "source_unknown"), (refused.Status, refused.Code));
        Assert.Contains("library, youtube, pexels, pixabay", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_candidates_no_more_are_fetched_than_the_target_and_its_margin_need()
    {
        var cluster = await world.WholeAsync();
        const double Audio = 19.5;
        var frames = (Audio + 1) * 30;

        var id = await cluster.SubmitAsync("source=pixabay", "max_shorts=100", world.Speech(Audio));
        var job = await cluster.CompletesAsync(id);

        Assert.Equal(UpstreamCluster.Clips, (int)job["stages"]!["fetching_shorts"]!["metadata"]!["clips_found"]!);
        Assert.Equal(15, (int)Math.Ceiling(frames / UpstreamCluster.FramesEach));
        Assert.InRange(world.Fakes.Calls.Count("pixabay", path: "/files/"), 15, (int)Math.Ceiling(1.1 * frames / UpstreamCluster.FramesEach));
    }
}
