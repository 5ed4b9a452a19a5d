using Microsoft.Playwright;

namespace MakeVideo.EndToEndTests.Page;

/// <summary>The machine's own Chromium, without a window.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <summary>Where it is; null where there is none.</summary>
    public static string? Program { get; } = Environment.GetEnvironmentVariable("PATH")!.Split(':').SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    public static async Task<Browser> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();

        // Its sandbox refuses to run as root, which containers of tests are.
        string[] arguments = Environment.UserName == "root" ? ["--no-sandbox"] : [];
        return new(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Program, Args = [.. arguments, "--autoplay-policy=no-user-gesture-required"] }));
    }

    /// <summary>A fresh user: nothing stored, a screen of that size.</summary>
    public async Task<Visit> VisitAsync(string address, int width = 1440, int height = 1000, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await _browser.NewContextAsync(new()
        {
            BaseURL = address, ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce, AcceptDownloads = true, Locale = "en-GB",
        });
        return new(context, await context.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}

/// <summary>One user's tab. What its console calls an error fails the test: a broken policy, a script that threw.</summary>
internal sealed class Visit : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];

    public Visit(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.PageError += (_, error) => _complaints.Add(error);
        page.Console += (_, message) =>
        {
            // That an address answered 4xx is the server's word, and the page's to show.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
            {
                _complaints.Add(message.Text);
            }
        };
    }

    public IPage Page { get; }

    public async Task<Visit> OpenAsync(string hash)
    {
        await Page.GotoAsync("/" + hash);
        return this;
    }

    /// <summary>Pixels that stand over the right edge.</summary>
    public Task<int> OverhangAsync() => Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        Assert.Empty(_complaints);
    }
}
