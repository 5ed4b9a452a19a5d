using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MakeVideo.EndToEndTests.Page;

/// <summary>The form: what is wrong is told beside the field, and no mouse is needed.</summary>
[Collection(PageCollection.Name)]
public sealed class FormOnPageTests(PageFixture fixture)
{
    [Fact]
    public async Task What_is_wrong_stands_beside_its_field()
    {
        await using var visit = await fixture.VisitAsync("#/");
        var page = visit.Page;
        ILocator Error(string field) => page.Locator($"#form [data-field='{field}'] [data-error]");

        await page.ClickAsync("#send");
        await Expect(Error("audio_file")).ToContainTextAsync("Choose an audio file");
        await Expect(Error("query")).ToContainTextAsync("three letters");
        await Expect(page.Locator("#audio")).ToBeFocusedAsync();

        var picture = fixture.Place.In("picture.mp3");
        await File.WriteAllBytesAsync(picture, [0x89, .. "PNG\r\n\u001a\nIHDR"u8], TestContext.Current.CancellationToken);
        await page.SetInputFilesAsync("#audio", picture);
        await page.FillAsync("#query", "city");
        await Expect(Error("audio_file")).ToBeEmptyAsync();
        await page.ClickAsync("#send");
        await Expect(Error("audio_file")).Not.ToBeEmptyAsync();
        await Expect(page.Locator("#audio")).ToHaveAttributeAsync("aria-invalid", "true");

        await page.SetInputFilesAsync("#audio", fixture.Place.Speech);
        await page.ClickAsync("#more summary");
        await page.FillAsync("#language", "en9");
        await page.ClickAsync("#more summary");
        await page.ClickAsync("#send");
        await Expect(Error("subtitle_language")).ToContainTextAsync("'en9'");
        await Expect(page.Locator("#language")).ToBeFocusedAsync();
        await page.FillAsync("#language", "");
        await page.FillAsync("#shorts", "3");
        await page.ClickAsync("#send");
        await Expect(Error("max_shorts")).ToContainTextAsync("10 to 500");
        await Expect(Error("subtitle_language")).ToBeEmptyAsync();
    }

    [Fact]
    public async Task A_job_is_sent_and_found_by_keyboard_alone()
    {
        await using var visit = await fixture.VisitAsync("#/");
        var (page, keys) = (visit.Page, visit.Page.Keyboard);
        async Task TabToAsync(string selector)
        {
            for (var steps = 0; steps < 40; steps++)
            {
                await keys.PressAsync("Tab");
                if (await page.EvaluateAsync<bool>("selector => document.activeElement.matches(selector)", selector))
                {
                    Assert.True(await page.EvaluateAsync<bool>("() => { const on = document.activeElement.closest('.drop, .choice') ?? document.activeElement; return getComputedStyle(on).outlineStyle !== 'none'; }"), $"{selector} has the focus and does not show it");
                    return;
                }
            }

            Assert.Fail($"The Tab key does not lead to {selector}.");
        }

        await TabToAsync("#skip");
        await TabToAsync("#audio");
        var chooser = await page.RunAndWaitForFileChooserAsync(() => keys.PressAsync("Space"));
        await chooser.SetFilesAsync(fixture.Place.Speech);
        await TabToAsync("#query");
        await keys.TypeAsync("city");
        await TabToAsync("[name=aspect_ratio]");
        await keys.PressAsync("ArrowRight");
        await TabToAsync("[name=subtitle_style]");
        await TabToAsync("#more summary");
        await keys.PressAsync("Enter");
        await TabToAsync("#quality");
        await keys.TypeAsync("Prev");
        await TabToAsync("#send");
        await keys.PressAsync("Enter");

        await page.WaitForURLAsync("**/#/jobs/*");
        await Expect(page.Locator("#main")).ToBeFocusedAsync();
        var job = await fixture.Server.UntilAsync(page.Url.Split('/')[^1], "completed");
        Assert.Equal(("4:5", "preview", "city"), ((string?)job["aspect_ratio"], (string?)job["quality"], (string?)job["query"]));

        await Expect(page.Locator("#job .job-title .pill")).ToHaveTextAsync("Done", new() { Timeout = 20_000 });
        await TabToAsync("#job .words button");
        await keys.PressAsync("ArrowRight");
        await keys.PressAsync("Enter");
        Assert.True(await page.EvaluateAsync<double>("() => document.querySelector('video').currentTime") > 0);
    }
}
