using System.Text.Json.Nodes;
using MakeVideo.EndToEndTests.Make;
using MakeVideo.EndToEndTests.Media;
using MakeVideo.EndToEndTests.Processes;
using Microsoft.Playwright;

namespace MakeVideo.EndToEndTests.Page;

/// <summary>The tests of the page share a server and a browser, one after another.</summary>
[CollectionDefinition(Name)]
public sealed class PageCollection : ICollectionFixture<PageFixture>
{
    public const string Name = "page";
}

/// <summary>A server whose renders can be held at a gate, with clips of which one has captions burned in; and a browser.</summary>
public sealed class PageFixture(MediaFixture media) : IAsyncLifetime
{
    /// <summary>Title of the clip that is left out.</summary>
    internal const string Captioned = "city-caption";

    private Browser? _browser;
    private string? _done;

    internal Workplace Place { get; } = new(media, times: 2);

    internal StepFfmpeg Ffmpeg { get; private set; } = null!;

    internal ServerProcess Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (Browser.Program is null)
        {
            return;
        }

        File.Copy(BurnedClips.Subtitled(media), Path.Combine(Place.Library, $"{Captioned}.mp4"));
        Ffmpeg = new(Place.In("tools"));
        Server = await ServerProcess.StartAsync(Place.In("data"), Place.Library, Ffmpeg.Folder);
        _browser = await Browser.StartAsync();
    }

    /// <summary>A tab at a view; every gate is open and no job is at work: what another test left would take the passes of the next gate.</summary>
    internal async Task<Visit> VisitAsync(string hash, int width = 1440, int height = 1000, ColorScheme scheme = ColorScheme.Light)
    {
        Assert.SkipWhen(_browser is null, "There is no chromium here. Install it: sudo apt-get install chromium");
        Ffmpeg.Open();
        await Eventually.HoldsAsync(
            async () => (await Server.CurlAsync("/jobs?brief=true")).Json?.AsArray().All(job => (string?)job!["status"] is "completed" or "failed" or "cancelled") is true,
            () => $"A job of an earlier test does not end.\n{Server.Log}", seconds: 120);
        return await (await _browser.VisitAsync(Server.Address, width, height, scheme)).OpenAsync(hash);
    }

    /// <summary>A job by the API; its last word is its own, so that it has segments to render.</summary>
    internal async Task<string> SubmitAsync(string query = "city")
    {
        await File.WriteAllTextAsync(Place.In("words.txt"), $"{Place.Words} {Guid.NewGuid():N}");
        var accepted = await Server.CurlAsync(
            "/make-video", "-F", $"query={query}", "-F", "quality=preview", "-F", "subtitle_style=dynamic", "-F", $"script=@{Place.In("words.txt")}", "-F", $"audio_file=@{Place.Speech}");
        Assert.True(accepted.Status == 202, accepted.Text);
        return (string)accepted.Json!["job_id"]!;
    }

    internal async Task<JsonNode> JobAsync(string id) => (await Server.CurlAsync($"/jobs/{id}")).Json!;

    /// <summary>A job that is completed. Made once.</summary>
    internal async Task<string> DoneAsync()
    {
        if (_done is null)
        {
            _done = await SubmitAsync();
            await Server.UntilAsync(_done, "completed");
        }

        return _done;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}
