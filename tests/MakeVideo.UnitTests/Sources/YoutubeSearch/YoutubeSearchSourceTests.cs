using MakeVideo.Contracts;
using MakeVideo.FakeUpstreams.Faults;
using MakeVideo.FakeUpstreams.Services;
using MakeVideo.Sources.YoutubeSearch;
using MakeVideo.UnitTests.Sources.Http;

namespace MakeVideo.UnitTests.Sources.YoutubeSearch;

public sealed class YoutubeSearchSourceTests : IAsyncLifetime
{
    private const string Search = "youtube-search";
    private const string Downloader = "video-downloader";

    private FakeWorld world = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => world = await FakeWorld.StartAsync();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task Clips_are_found_with_their_credit_and_fetched_whole()
    {
        var source = world.Youtube();
        var found = (await source.SearchAsync(FakeWorld.Query(), null, Cancellation)).Value!;

        Assert.Equal(3, found.Candidates.Length);
        Assert.Null(found.Next);
        var clip = found.Candidates[0];
        Assert.Equal(("youtube", "city clip 00", "A Fake Channel", 6.0), (clip.Source, clip.Title, clip.Credit, clip.Seconds));
        Assert.Equal($"https://youtube.com/watch?v={clip.Id}", clip.Page);
        Assert.NotNull(clip.Licence);

        await world.AssertFetchedAsync(await world.FetchAsync(source, clip));
        Assert.Equal(1, world.Fakes.Calls.Count(Downloader, path: "/download"));
    }

    [Fact]
    public async Task The_query_is_data()
    {
        const string evil = "cats&max_results=9999#/../jobs \"ü\n";
        await world.Youtube().SearchAsync(FakeWorld.Query(evil), null, Cancellation);

        var call = world.Fakes.Calls.All.Single(call => call.Method == "POST");
        Assert.Equal("/search/shorts", call.Path);
        Assert.Equal($"?query={Uri.EscapeDataString(evil)}&max_results=50", call.Query);
    }

    [Fact]
    public async Task Pages_go_on_until_the_service_has_no_more_and_offer_nothing_twice()
    {
        await using var many = await FakeWorld.StartAsync(clips: 7);
        var source = many.Youtube(new() { PageSize = 3, PollEvery = TimeSpan.FromMilliseconds(10) });
        var ids = new List<string>();
        string? page = null;
        do
        {
            var found = (await source.SearchAsync(FakeWorld.Query(), page, Cancellation)).Value!;
            ids.AddRange(found.Candidates.Select(clip => clip.Id));
            page = found.Next;
        }
        while (page is not null);

        Assert.Equal(7, ids.Count);
        Assert.Equal(7, ids.Distinct().Count());
        Assert.Equal(3, many.Fakes.Calls.Count(Search, "POST"));
    }

    [Fact]
    public async Task Bad_items_cost_only_themselves()
    {
        world.Fault(FaultKinds.BadItems, Search);

        var found = (await world.Youtube().SearchAsync(FakeWorld.Query(), null, Cancellation)).Value!;

        Assert.Equal(3, found.Candidates.Length);
        Assert.Equal(3, found.Candidates.Select(clip => clip.Id).Distinct().Count());
        Assert.DoesNotContain(found.Candidates, clip => BadItems.EvilIds.Contains(clip.Id));
    }

    [Fact]
    public async Task A_NaN_as_Python_writes_it_costs_only_its_item()
    {
        await using var slow = await FakeWorld.StartAsync(configure: options => options with { JobSeconds = 30 });
        slow.Fault(FaultKinds.Body, Search, "/jobs/", with: rule => rule with
        {
            Text = """{"id":"a","status":"completed","result":{"results":[{"video_id":"NaN-ok","title":"NaN \" NaN","duration_seconds":5},{"video_id":"bad","duration_seconds":NaN},{"video_id":"worse","duration_seconds":-Infinity}]}}""",
        });

        var found = (await slow.Youtube().SearchAsync(FakeWorld.Query(), null, Cancellation)).Value!;

        Assert.Equal(("NaN-ok", "NaN \" NaN"), (Assert.Single(found.Candidates).Id, found.Candidates[0].Title));
    }

    [Fact]
    public async Task An_id_that_no_search_gave_never_reaches_a_path()
    {
        var clip = await FakeWorld.FirstAsync(world.Youtube());
        foreach (var evil in BadItems.EvilIds)
        {
            world.AssertRefused(FailureCodes.ClipMissing, await world.FetchAsync(world.Youtube(), clip with { Id = evil }));
        }

        Assert.Equal(0, world.Fakes.Calls.Count(Downloader));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    public async Task A_clip_that_is_not_there_is_skipped_and_not_asked_for_again(int status)
    {
        var clip = await FakeWorld.FirstAsync(world.Youtube());
        world.Fault(FaultKinds.Status, Downloader, "/jobs", times: null, with: rule => rule with { Method = "POST", Status = status });

        var failure = world.AssertRefused(FailureCodes.ClipMissing, await world.FetchAsync(world.Youtube(), clip));

        Assert.False(failure.Retryable);
        Assert.Equal(1, world.Fakes.Calls.Count(Downloader));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    public async Task A_file_that_is_gone_is_made_once_more_and_then_given_up(int status)
    {
        var clip = await FakeWorld.FirstAsync(world.Youtube());
        world.Fault(FaultKinds.Status, Downloader, "/download", with: rule => rule with { Status = status });
        await world.AssertFetchedAsync(await world.FetchAsync(world.Youtube(), clip));
        File.Delete(world.Target);

        world.Fault(FaultKinds.Status, Downloader, "/download", times: null, with: rule => rule with { Status = status });
        var failure = world.AssertRefused(FailureCodes.ClipMissing, await world.FetchAsync(world.Youtube(), clip));
        Assert.False(failure.Retryable);
        Assert.Equal(4, world.Fakes.Calls.Count(Downloader, path: "/download"));
    }

    [Fact]
    public async Task A_forgotten_job_is_submitted_once_more()
    {
        await using var slow = await FakeWorld.StartAsync(configure: options => options with { JobSeconds = 0.3 });
        var source = slow.Youtube();
        var clip = await FakeWorld.FirstAsync(source);
        var before = slow.Fakes.Calls.Count(Downloader, "POST");
        slow.Fault(FaultKinds.ForgetJob, Downloader);

        await slow.AssertFetchedAsync(await slow.FetchAsync(source, clip));

        Assert.Equal(before + 2, slow.Fakes.Calls.Count(Downloader, "POST"));
    }

    [Fact]
    public async Task A_job_that_is_forgotten_again_and_again_ends()
    {
        await using var slow = await FakeWorld.StartAsync(configure: options => options with { JobSeconds = 0.3 });
        var clip = await FakeWorld.FirstAsync(slow.Youtube());
        slow.Fault(FaultKinds.ForgetJob, Downloader, times: null);

        var failure = slow.AssertRefused(FailureCodes.UpstreamFailed, await slow.FetchAsync(slow.Youtube(), clip));

        Assert.True(failure.Retryable);
        Assert.Equal(2, slow.Fakes.Calls.Count(Downloader, "POST"));
    }

    [Theory]
    [InlineData(FaultKinds.StuckJob)]
    [InlineData(FaultKinds.FailedJob)]
    public async Task A_job_that_is_stuck_or_fails_ends_in_time(string kind)
    {
        world.Fault(kind, Downloader);
        var clip = await FakeWorld.FirstAsync(world.Youtube());

        var failure = world.AssertRefused(FailureCodes.UpstreamFailed, await world.FetchAsync(world.Youtube(), clip));

        Assert.True(failure.Retryable);
        Assert.Equal(0, world.Fakes.Calls.Count(Downloader, path: "/download"));
    }

    [Fact]
    public async Task A_file_that_breaks_off_is_resumed_where_it_broke()
    {
        var clip = await FakeWorld.FirstAsync(world.Youtube());
        world.Fault(FaultKinds.Truncated, Downloader, "/download");

        await world.AssertFetchedAsync(await world.FetchAsync(world.Youtube(), clip));

        var calls = world.Fakes.Calls.All.Where(call => call.Path.EndsWith("/download", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, calls.Count);
        Assert.Equal($"bytes={FakeWorld.ClipBytes / 2}-", calls[1].Range);
    }

    [Theory]
    [InlineData(FaultKinds.Truncated, FailureCodes.ClipUnreadable)]
    [InlineData(FaultKinds.Stall, FailureCodes.ClipUnreadable)]
    [InlineData(FaultKinds.Drip, FailureCodes.ClipUnreadable)]
    [InlineData(FaultKinds.Html, FailureCodes.ClipUnreadable)]
    [InlineData(FaultKinds.Endless, FailureCodes.ClipTooLarge)]
    [InlineData(FaultKinds.GzipBomb, FailureCodes.ClipTooLarge)]
    [InlineData(FaultKinds.HugeLength, FailureCodes.ClipTooLarge)]
    [InlineData(FaultKinds.Reset, FailureCodes.UpstreamUnavailable)]
    [InlineData(FaultKinds.Redirect, FailureCodes.UpstreamRefused)]
    public async Task A_body_that_stays_bad_leaves_nothing(string kind, string code)
    {
        var clip = await FakeWorld.FirstAsync(world.Youtube());
        world.Fault(kind, Downloader, "/download", times: null, with: rule => rule with { Rate = kind == FaultKinds.HugeLength ? 10L << 30 : 1 });

        world.AssertRefused(code, await world.FetchAsync(world.Youtube(), clip));
    }

    [Fact]
    public async Task A_lying_length_is_found_out()
    {
        var clip = await FakeWorld.FirstAsync(world.Youtube());
        world.Fault(FaultKinds.HugeLength, Downloader, "/download", times: null, with: rule => rule with { Rate = FakeWorld.ClipBytes });

        Assert.True(world.AssertRefused(FailureCodes.ClipUnreadable, await world.FetchAsync(world.Youtube(), clip)).Retryable);
    }

    [Fact]
    public async Task One_byte_over_the_limit_is_too_large()
    {
        var clip = await FakeWorld.FirstAsync(world.Youtube());

        world.AssertRefused(FailureCodes.ClipTooLarge, await world.FetchAsync(world.Youtube(), clip, FakeWorld.ClipBytes - 1));
        await world.AssertFetchedAsync(await world.FetchAsync(world.Youtube(), clip, FakeWorld.ClipBytes));
    }
}
