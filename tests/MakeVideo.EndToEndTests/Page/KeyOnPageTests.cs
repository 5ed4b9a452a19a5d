using System.Collections.Concurrent;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MakeVideo.EndToEndTests.Page;

/// <summary>A server that wants a key, played by a stub between the page and the real one.</summary>
[Collection(PageCollection.Name)]
public sealed class KeyOnPageTests(PageFixture fixture)
{
    private const string Key = "mv_right";

    [Fact]
    public async Task The_page_asks_for_a_key_and_sends_it_with_everything_until_the_tab_is_closed()
    {
        var done = await fixture.VisitAsync("#/");
        var id = await fixture.DoneAsync();
        await done.DisposeAsync();
        await using var visit = await fixture.VisitAsync("#/cluster");
        var page = visit.Page;
        var allowed = new ConcurrentBag<string>();
        await page.RouteAsync(url => !url.EndsWith('/') && !url.Contains("/page/", StringComparison.Ordinal) && !url.StartsWith("blob:", StringComparison.Ordinal), async route =>
        {
            if (route.Request.Headers.GetValueOrDefault("authorization") == $"Bearer {Key}")
            {
                allowed.Add(new Uri(route.Request.Url).AbsolutePath);
                await route.ContinueAsync();
            }
            else
            {
                await route.FulfillAsync(new() { Status = 401, ContentType = "application/problem+json", Body = """{"code":"key_missing","detail":"Send a key."}""" });
            }
        });

        await visit.OpenAsync($"#/jobs/{id}");
        await page.ReloadAsync();
        await page.FillAsync("#key", "wrong");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#key-hint")).ToContainTextAsync("did not take that key");
        await page.FillAsync("#key", Key);
        await page.Keyboard.PressAsync("Enter");

        // Stream, words, pictures and the video itself.
        await Expect(page.Locator("#job .job-title .pill")).ToHaveTextAsync("Done");
        await Expect(page.Locator("#job .words button").First).ToBeVisibleAsync();
        await page.WaitForFunctionAsync("() => document.querySelector('video').readyState >= 1");
        Assert.StartsWith("blob:", await page.EvaluateAsync<string>("() => document.querySelector('video').src"), StringComparison.Ordinal);
        await page.WaitForFunctionAsync("() => [...document.querySelectorAll('#job .thumb img')].some(image => image.naturalWidth > 0)");
        Assert.Contains($"/jobs/{id}/events", allowed);
        Assert.Contains($"/download/{id}", allowed);
        Assert.Contains(allowed, path => path.EndsWith("/frame", StringComparison.Ordinal));

        await page.ReloadAsync();
        await Expect(page.Locator("#job .job-title .pill")).ToHaveTextAsync("Done");
        await Expect(page.Locator("#ask")).ToBeHiddenAsync();
        await page.GotoAsync("/#/");
        await page.SetInputFilesAsync("#audio", fixture.Place.Speech);
        await page.FillAsync("#query", "city");
        await page.ClickAsync("#more summary");
        await page.SelectOptionAsync("#quality", "preview");
        await page.ClickAsync("#send");
        await page.WaitForURLAsync("**/#/jobs/*");
        Assert.Contains("/make-video", allowed);

        // Another tab knows nothing of it.
        Assert.Equal(0, await page.EvaluateAsync<int>("() => localStorage.length"));
    }
}
