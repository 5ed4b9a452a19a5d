using System.Diagnostics.Metrics;
using MakeVideo.FakeUpstreams.Faults;
using MakeVideo.Hosting;
using MakeVideo.Sources;
using MakeVideo.Sources.Http;
using MakeVideo.Transcription;
using MakeVideo.UnitTests.Sources.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MakeVideo.UnitTests.Sources;

public sealed class FootageSourcesTests
{
    [Fact]
    public void Without_settings_there_is_the_library_and_the_embedded_engine()
    {
        using var host = Host();

        Assert.Equal(["library"], Sources(host));
        Assert.Equal(["moonshine-tiny-en"], Engines(host));
    }

    [Fact]
    public async Task The_settings_that_the_fakes_print_register_everything_else()
    {
        await using var world = await FakeWorld.StartAsync();
        using var host = Host([.. world.Fakes.Settings(), ("Upstreams:YtDlp:Path", "yt-dlp")]);

        Assert.Equal(["library", "youtube", "pexels", "pixabay", "yt-dlp"], Sources(host));
        Assert.Equal(["audio-transcriber", "openai", "moonshine-tiny-en"], Engines(host));
        foreach (var source in host.Services.GetServices<IFootageSource>().Where(source => source.Name is "pexels" or "pixabay" or "youtube"))
        {
            var clip = await FakeWorld.FirstAsync(source);
            await world.AssertFetchedAsync(await world.FetchAsync(source, clip));
        }
    }

    [Fact]
    public async Task Calls_are_counted_by_upstream_and_outcome()
    {
        await using var world = await FakeWorld.StartAsync();
        using var host = Host([.. world.Fakes.Settings()]);
        var seen = new List<string>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, meters) => { if (instrument.Name == "makevideo_upstream_requests") { meters.EnableMeasurementEvents(instrument); } } };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) =>
        {
            if (instrument.Meter.Scope == host.Services.GetRequiredService<IMeterFactory>())
            {
                seen.Add(string.Join(' ', tags.ToArray().Select(tag => tag.Value)));
            }
        });
        listener.Start();
        world.Fault(FaultKinds.Status, "pexels", with: rule => rule with { Status = 429, RetryAfter = "60" });

        await host.Services.GetServices<IFootageSource>().Single(source => source.Name == "pexels").SearchAsync(FakeWorld.Query(), null, TestContext.Current.CancellationToken);

        Assert.Equal(["pexels throttled", "pexels closed"], seen);
    }

    [Fact]
    public void Half_of_a_pair_or_a_host_without_key_is_not_there()
    {
        using var host = Host(("Upstreams:YoutubeSearch:Url", "http://youtube-search:8003"), ("Upstreams:Pexels:Url", "http://pexels"), ("Upstreams:OpenAi:Key", " "));

        Assert.Equal(["library"], Sources(host));
        Assert.Equal(["moonshine-tiny-en"], Engines(host));
    }

    [Theory]
    [InlineData("youtube-search:8003")]
    [InlineData("ftp://host/")]
    [InlineData("http://user:s3cret@host/")]
    [InlineData("http://host/?key=s3cret")]
    public void An_address_that_is_none_is_said_at_the_start_and_not_repeated(string url)
    {
        var failure = Assert.Throws<SettingException>(() => Host(("Upstreams:AudioTranscriber:Url", url)));

        Assert.Contains("Upstreams:AudioTranscriber:Url", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", failure.Message, StringComparison.Ordinal);
    }

    private static List<string> Sources(IHost host) => [.. host.Services.GetServices<IFootageSource>().Select(source => source.Name)];

    private static List<string> Engines(IHost host) => [.. host.Services.GetServices<ITranscriber>().Select(engine => engine.Name)];

    private static IHost Host(params (string Name, string Value)[] settings)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Name, setting.Value)));
        builder.Services.AddLogging();
        builder.AddJobTools("models");
        return builder.Build();
    }
}
