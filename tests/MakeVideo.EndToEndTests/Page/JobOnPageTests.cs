using System.Globalization;
using MakeVideo.EndToEndTests.Processes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MakeVideo.EndToEndTests.Page;

/// <summary>A job from its upload to its end, as its owner sees it in a browser.</summary>
[Collection(PageCollection.Name)]
public sealed class JobOnPageTests(PageFixture fixture)
{
    private static readonly LocatorAssertionsToHaveTextOptions Long = new() { Timeout = 60_000 };

    [Fact]
    public async Task An_upload_is_seen_to_become_a_video_that_plays_and_downloads()
    {
        await using var visit = await fixture.VisitAsync("#/");
        var page = visit.Page;
        fixture.Ffmpeg.Close(Step.Segment, after: 1);
        await page.SetInputFilesAsync("#audio", fixture.Place.Speech);
        await page.FillAsync("#query", "city");
        await page.ClickAsync("#more summary");
        await page.SelectOptionAsync("#quality", "preview");
        await page.FillAsync("#script", $"{fixture.Place.Words} {Guid.NewGuid():N}");
        await page.ClickAsync("#send");

        // One segment is through, the others wait at the gate.
        await Expect(Pill(page)).ToHaveTextAsync("Rendering", Long);
        await Expect(page.Locator("#job .strip li.done")).ToHaveCountAsync(1, new() { Timeout = 60_000 });
        Assert.True(await page.Locator("#job .strip li").CountAsync() > 1);
        var half = await PercentAsync(page);
        Assert.InRange(half, 20, 90);
        await Expect(page.Locator("#job .graph g.completed")).ToHaveCountAsync(5);
        await Expect(page.Locator("#job .words button").First).ToHaveTextAsync("The");
        await Expect(page.Locator("#job .clip.done")).ToHaveCountAsync(await page.Locator("#job .clip").CountAsync() - 1);

        fixture.Ffmpeg.Open();
        await Expect(Pill(page)).ToHaveTextAsync("Done", Long);
        await Expect(page.Locator("#job .strip li.done, #job .strip li.reused")).ToHaveCountAsync(await page.Locator("#job .strip li").CountAsync());
        var id = page.Url.Split('/')[^1];
        var job = await fixture.JobAsync(id);

        await page.WaitForFunctionAsync("() => document.querySelector('video').readyState >= 2");
        var duration = await page.EvaluateAsync<double>("() => document.querySelector('video').duration");
        Assert.Equal((double)job["result"]!["duration"]!, duration, 0.1);
        await page.EvaluateAsync("() => { const video = document.querySelector('video'); video.muted = true; return video.play(); }");
        await page.WaitForFunctionAsync("() => document.querySelector('video').currentTime > 0.5 && document.querySelector('video').getVideoPlaybackQuality().totalVideoFrames > 10");
        await Expect(page.Locator("#job .words button.now")).ToHaveCountAsync(1);
        await page.EvaluateAsync("() => document.querySelector('video').pause()");

        await page.Locator("#job .words button", new() { HasText = "thirteen" }).First.ClickAsync();
        var words = (await fixture.Server.CurlAsync($"/jobs/{id}/words")).Json!["words"]!.AsArray();
        var start = (double)words.First(word => ((string)word!["text"]!).StartsWith("thirteen", StringComparison.Ordinal))!["start"]!;
        Assert.Equal(start, await page.EvaluateAsync<double>("() => document.querySelector('video').currentTime"), 0.05);
        await Expect(page.Locator("#job .words button.now")).ToContainTextAsync("thirteen");

        var download = await page.RunAndWaitForDownloadAsync(() => Button(page, "Download video").ClickAsync());
        Assert.Equal(((long)job["result"]!["file_size"]!, $"{id}.mp4"), (new FileInfo((await download.PathAsync())!).Length, download.SuggestedFilename));
    }

    [Fact]
    public async Task A_job_is_cancelled_after_a_question_goes_on_by_retry_and_is_deleted()
    {
        await using var visit = await fixture.VisitAsync("#/");
        var page = visit.Page;
        fixture.Ffmpeg.Close(Step.Segment);
        var id = await fixture.SubmitAsync();
        await page.Locator($"#jobs a[href='#/jobs/{id}']").ClickAsync();
        await Expect(Pill(page)).ToHaveTextAsync("Rendering", Long);

        await Button(page, "Cancel").ClickAsync();
        await page.Locator("#ask button", new() { HasText = "Keep it" }).ClickAsync();
        await Expect(Pill(page)).ToHaveTextAsync("Rendering");
        await Button(page, "Cancel").ClickAsync();
        await page.Locator("#ask button", new() { HasText = "Cancel the job" }).ClickAsync();
        await Expect(Pill(page)).ToHaveTextAsync("Cancelled", Long);
        await Expect(Button(page, "Cancel")).ToBeHiddenAsync();

        fixture.Ffmpeg.Open();
        await Button(page, "Retry").ClickAsync();
        await Expect(Pill(page)).ToHaveTextAsync("Done", Long);

        await Button(page, "Delete").ClickAsync();
        await page.Locator("#ask button", new() { HasText = "Delete for good" }).ClickAsync();
        await page.WaitForURLAsync("**/#/");
        await Expect(page.Locator($"#jobs a[href='#/jobs/{id}']")).ToHaveCountAsync(0);
        Assert.Equal(404, (await fixture.Server.CurlAsync($"/jobs/{id}")).Status);

        // Who still has its address is told.
        await visit.OpenAsync($"#/jobs/{id}");
        await Expect(page.Locator("#job h1")).ToHaveTextAsync("No such job");
    }

    [Fact]
    public async Task A_page_that_is_loaded_again_goes_on_where_the_job_is()
    {
        await using var visit = await fixture.VisitAsync("#/");
        var page = visit.Page;
        fixture.Ffmpeg.Close(Step.Segment, after: 1);
        var id = await fixture.SubmitAsync();
        await visit.OpenAsync($"#/jobs/{id}");
        await Expect(page.Locator("#job .strip li.done")).ToHaveCountAsync(1, new() { Timeout = 60_000 });
        var before = await PercentAsync(page);

        await page.ReloadAsync();

        await Expect(page.Locator("#job .strip li.done")).ToHaveCountAsync(1);
        Assert.True(await PercentAsync(page) >= before);
        fixture.Ffmpeg.Open();
        await Expect(Pill(page)).ToHaveTextAsync("Done", Long);
    }

    [Fact]
    public async Task A_clip_that_was_left_out_shows_why_and_is_accepted_by_hand()
    {
        await using var visit = await fixture.VisitAsync("#/");
        var page = visit.Page;
        await visit.OpenAsync($"#/jobs/{await fixture.DoneAsync()}");
        var tile = page.Locator("#job .clip", new() { HasText = PageFixture.Captioned });

        await Expect(tile).ToHaveClassAsync("clip rejected");
        await Expect(tile).ToContainTextAsync("text", new() { IgnoreCase = true });
        await PictureAsync(tile);
        await PictureAsync(page.Locator("#job .clip.done").First);
        await tile.Locator(".thumb").ClickAsync();
        await Expect(page.Locator("#ask img")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#ask")).ToBeHiddenAsync();
        await tile.Locator("button.small").ClickAsync();
        await Expect(tile).ToContainTextAsync("Accepted by hand");
        await page.ReloadAsync();
        await Expect(tile).ToContainTextAsync("Accepted by hand");

        var next = await fixture.SubmitAsync();
        await visit.OpenAsync($"#/jobs/{next}");
        await Expect(Pill(page)).ToHaveTextAsync("Done", Long);
        await Expect(tile).ToHaveClassAsync("clip done");

        // As it was, for the other tests.
        await tile.Locator("button.small").ClickAsync();
        await Expect(tile).ToContainTextAsync("Ruled out by hand");
    }

    private static ILocator Pill(IPage page) => page.Locator("#job .job-title .pill");

    private static ILocator Button(IPage page, string text) => page.Locator("#job .actions button", new() { HasText = text });

    private static async Task<int> PercentAsync(IPage page) =>
        int.Parse((await page.Locator("#job .progress strong").TextContentAsync())!.TrimEnd('%', ' '), CultureInfo.InvariantCulture);

    private static Task PictureAsync(ILocator tile) => Eventually.HoldsAsync(
        async () => await tile.Locator("img").CountAsync() == 1 && await tile.Locator("img").EvaluateAsync<bool>("image => image.complete && image.naturalWidth > 0"), () => "The tile has no picture.", seconds: 20);
}
