using MakeVideo.Contracts;
using MakeVideo.FakeUpstreams.Faults;
using MakeVideo.FakeUpstreams.Services;
using MakeVideo.Sources;
using MakeVideo.Sources.Pexels;
using MakeVideo.Sources.Pixabay;
using MakeVideo.UnitTests.Sources.Http;

namespace MakeVideo.UnitTests.Sources;

/// <summary>Pexels and Pixabay against their fakes over HTTP.</summary>
public sealed class ClipHostTests : IAsyncLifetime
{
    private FakeWorld world = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Hosts => [PexelsSource.SourceName, PixabaySource.SourceName];

    public async ValueTask InitializeAsync() => world = await FakeWorld.StartAsync();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task Clips_are_found_with_their_credit_and_fetched_whole(string host)
    {
        var source = Source(world, host);
        var found = (await source.SearchAsync(FakeWorld.Query(), null, Cancellation)).Value!;

        Assert.Equal(3, found.Candidates.Length);
        Assert.Null(found.Next);
        var clip = found.Candidates[0];
        Assert.Equal((host, "1000", "city clip 00", 6.0), (clip.Source, clip.Id, clip.Title, clip.Seconds));
        Assert.StartsWith("A Fake", clip.Credit, StringComparison.Ordinal);
        Assert.StartsWith("https://", clip.Page, StringComparison.Ordinal);
        Assert.Contains("License", clip.Licence, StringComparison.Ordinal);
        await world.AssertFetchedAsync(await world.FetchAsync(source, clip));
    }

    [Fact]
    public async Task Pexels_sends_its_smallest_file_that_fills_the_frame()
    {
        var clip = await FakeWorld.FirstAsync(Source(world, PexelsSource.SourceName));
        Assert.EndsWith("/files/1000.mp4", clip.Locator, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_follow_each_other_and_offer_nothing_twice()
    {
        await using var many = await FakeWorld.StartAsync(configure: options => options with { Copies = 60 });
        var source = Source(many, PexelsSource.SourceName);
        var ids = new List<string>();
        string? page = null;
        do
        {
            var found = (await source.SearchAsync(FakeWorld.Query(), page, Cancellation)).Value!;
            ids.AddRange(found.Candidates.Select(clip => clip.Id));
            page = found.Next;
        }
        while (page is not null);

        Assert.Equal(180, ids.Distinct().Count());
        Assert.Equal(180, ids.Count);
        Assert.Equal(3, many.Fakes.Calls.Count("pexels"));
    }

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task Bad_items_cost_only_themselves(string host)
    {
        world.Fault(FaultKinds.BadItems, host);

        var found = (await Source(world, host).SearchAsync(FakeWorld.Query(), null, Cancellation)).Value!;

        Assert.Equal(["1000", "1001", "1002"], found.Candidates.Select(clip => clip.Id).Order());
        Assert.DoesNotContain(found.Candidates, clip => BadItems.EvilIds.Contains(clip.Id));
    }

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task A_wrong_key_is_a_setting_to_mend_and_is_not_shown(string host)
    {
        const string secret = "s3cret-key";
        var failure = (await Source(world, host, secret).SearchAsync(FakeWorld.Query(), null, Cancellation)).Failure!;

        Assert.Equal(FailureCodes.UpstreamRefused, failure.Code);
        Assert.DoesNotContain(secret, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task An_exhausted_quota_closes_the_search_but_not_the_files(string host)
    {
        var source = Source(world, host);
        var clip = await FakeWorld.FirstAsync(source);
        world.Fault(FaultKinds.Status, host, host == PexelsSource.SourceName ? "/videos/search" : "/api/videos/", times: null, with: rule => rule with { Status = 429, RetryAfter = "300" });

        var failure = (await source.SearchAsync(FakeWorld.Query(), null, Cancellation)).Failure!;

        Assert.Equal(FailureCodes.UpstreamThrottled, failure.Code);
        await world.AssertFetchedAsync(await world.FetchAsync(source, clip));
    }

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task A_link_that_is_no_web_address_is_not_called(string host)
    {
        var source = Source(world, host);
        var clip = await FakeWorld.FirstAsync(source);
        foreach (var link in new[] { "file:///etc/passwd", "ftp://127.0.0.1/x", "/etc/passwd", "http://user:pw@127.0.0.1/x", "" })
        {
            world.AssertRefused(FailureCodes.ClipMissing, await world.FetchAsync(source, clip with { Locator = link }));
        }
    }

    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    public async Task A_file_that_is_gone_is_skipped_and_not_asked_for_again(int status)
    {
        var source = Source(world, PexelsSource.SourceName);
        var clip = await FakeWorld.FirstAsync(source);
        world.Fault(FaultKinds.Status, "pexels", "/files/", times: null, with: rule => rule with { Status = status });

        Assert.False(world.AssertRefused(FailureCodes.ClipMissing, await world.FetchAsync(source, clip)).Retryable);
        Assert.Equal(1, world.Fakes.Calls.Count("pexels", path: "/files/"));
    }

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task Nothing_found_is_said(string host)
    {
        await using var empty = await FakeWorld.StartAsync(clips: 0);

        var failure = (await Source(empty, host).SearchAsync(FakeWorld.Query("<script>\n"), null, Cancellation)).Failure!;

        Assert.Equal(FailureCodes.NoClipMatches, failure.Code);
        Assert.DoesNotContain(failure.Message, char.IsControl);
    }

    private static IFootageSource Source(FakeWorld world, string host, string key = "fake-key") => host == PexelsSource.SourceName
        ? new PexelsSource(world.Client("pexels"), world.Client(world.Options("pexels") with { Name = "pexels-files" }), key)
        : new PixabaySource(world.Client("pixabay"), world.Client(world.Options("pixabay") with { Name = "pixabay-files" }), key);
}
