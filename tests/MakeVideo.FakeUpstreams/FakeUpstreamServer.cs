using MakeVideo.FakeUpstreams.Faults;
using MakeVideo.FakeUpstreams.Services;

namespace MakeVideo.FakeUpstreams;

/// <summary>
/// The services that MakeVideo calls, over real HTTP on one port, each below its own path. <c>POST /faults</c> has them misbehave, <c>DELETE /faults</c>
/// ends it; <c>GET /counts</c> and <c>GET /calls</c> tell who was called.
/// </summary>
internal sealed class FakeUpstreamServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly FakeOptions _options;

    private FakeUpstreamServer(WebApplication app, FakeOptions options, FaultBook faults, CallBook calls) => (_app, _options, Faults, Calls) = (app, options, faults, calls);

    public FaultBook Faults { get; }

    public CallBook Calls { get; }

    /// <summary>Base address, without a slash at its end.</summary>
    public string Root => _app.Urls.First().TrimEnd('/');

    /// <summary>Address of one service.</summary>
    public Uri Url(string service) => new($"{Root}/{service}");

    public static async Task<FakeUpstreamServer> StartAsync(FakeOptions options, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls(options.Urls);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.AddServerHeader = false;
        });
        builder.Services.AddRouting();
        configure?.Invoke(builder);
        var app = builder.Build();
        var (faults, calls, material) = (new FaultBook(), new CallBook(), new Material(options));
        var fakes = new FakeUpstreamServer(app, options, faults, calls);
        app.Use(new FaultMiddleware(faults, calls).InvokeAsync);
        app.UseRouting();
        app.MapControl(faults, calls);
        app.MapYoutubeSearch(material, faults);
        app.MapVideoDownloader(material, faults);
        app.MapAudioTranscriber(material, faults);
        app.MapPexels(material, faults);
        app.MapPixabay(material, faults);
        app.MapOpenAi(material);
        await app.StartAsync();
        return fakes;
    }

    /// <summary>The settings that make MakeVideo use these fakes.</summary>
    public IEnumerable<(string Name, string Value)> Settings() =>
    [
        ("Upstreams:YoutubeSearch:Url", $"{Root}/youtube-search"),
        ("Upstreams:VideoDownloader:Url", $"{Root}/video-downloader"),
        ("Upstreams:AudioTranscriber:Url", $"{Root}/audio-transcriber"),
        ("Upstreams:Pexels:Url", $"{Root}/pexels"), ("Upstreams:Pexels:Key", _options.Key),
        ("Upstreams:Pixabay:Url", $"{Root}/pixabay"), ("Upstreams:Pixabay:Key", _options.Key),
        ("Upstreams:OpenAi:Url", $"{Root}/openai"), ("Upstreams:OpenAi:Key", _options.Key),
    ];

    public Task WaitAsync() => _app.WaitForShutdownAsync();

    public async ValueTask DisposeAsync()
    {
        Faults.Clear();
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }
}
