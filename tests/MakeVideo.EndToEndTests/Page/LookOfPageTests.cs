using Deque.AxeCore.Playwright;
using MakeVideo.EndToEndTests.Processes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MakeVideo.EndToEndTests.Page;

/// <summary>Every view in both colour schemes and on a phone: readable for everybody, nothing over the edge. Pictures of all lie in <c>screenshots</c> beside the tests.</summary>
[Collection(PageCollection.Name)]
public sealed class LookOfPageTests(PageFixture fixture)
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "screenshots");

    public static TheoryData<string> Views => ["new", "jobs", "job", "working", "cluster"];

    [Theory]
    [MemberData(nameof(Views))]
    public async Task A_view_is_accessible_in_light_and_dark_and_fits_a_phone(string view)
    {
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            foreach (var width in new[] { 1440, 390 })
            {
                await using var visit = await fixture.VisitAsync("#/", width, width == 390 ? 844 : 1000, scheme);
                await ShowAsync(visit, view);

                var name = $"{view}-{width}-{scheme.ToString().ToLowerInvariant()}";
                await visit.Page.ScreenshotAsync(new() { Path = Path.Combine(Folder, name + ".png"), FullPage = true });
                Assert.True(await visit.OverhangAsync() <= 0, $"{name} scrolls sideways");
                var found = (await visit.Page.RunAxe()).Violations.Where(violation => violation.Impact is "serious" or "critical").ToList();
                Assert.True(found.Count == 0, $"{name}: {string.Join("\n", found.Select(violation => $"{violation.Id}: {violation.Help}\n{string.Join('\n', violation.Nodes.Select(node => "  " + node.Html))}"))}");
                fixture.Ffmpeg.Open();
            }
        }
    }

    private async Task ShowAsync(Visit visit, string view)
    {
        var page = visit.Page;
        var done = await fixture.DoneAsync();
        switch (view)
        {
            case "new":
                await visit.OpenAsync("#/new");
                await page.ClickAsync("#more summary");
                break;
            case "jobs":
                await Expect(page.Locator("#jobs .card").First).ToBeVisibleAsync();
                break;
            case "job":
                await visit.OpenAsync($"#/jobs/{done}");
                await Expect(page.Locator("#job video")).ToBeVisibleAsync();
                await Expect(page.Locator("#job .words button").First).ToBeVisibleAsync();
                await page.Locator("#job .log summary").ClickAsync();
                await Expect(page.Locator("#job .log li").First).ToBeVisibleAsync();
                await page.WaitForFunctionAsync("() => document.querySelector('video').readyState >= 2");
                break;
            case "working":
                fixture.Ffmpeg.Close(Step.Segment, after: 1);
                await visit.OpenAsync($"#/jobs/{await fixture.SubmitAsync()}");
                await Expect(page.Locator("#job .strip li.done")).ToHaveCountAsync(1, new() { Timeout = 60_000 });
                break;
            default:
                await visit.OpenAsync("#/cluster");
                await Expect(page.Locator("#cluster .silo")).ToHaveCountAsync(1);
                break;
        }
    }
}
