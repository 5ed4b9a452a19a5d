using System.Security.Cryptography;
using MakeVideo.Contracts;
using MakeVideo.FakeUpstreams;
using MakeVideo.FakeUpstreams.Faults;
using MakeVideo.Sources;
using MakeVideo.Sources.Http;
using MakeVideo.Sources.YoutubeSearch;
using Microsoft.Extensions.Logging.Abstractions;

namespace MakeVideo.UnitTests.Sources.Http;

/// <summary>The fake upstreams on a real port, and clients of them whose patience is short.</summary>
internal sealed class FakeWorld : IAsyncDisposable
{
    public const int ClipBytes = 300_000;

    private readonly UpstreamWire wire = new(TimeSpan.FromSeconds(2));

    private FakeWorld(string folder, FakeUpstreamServer fakes) => (Folder, Fakes) = (folder, fakes);

    public string Folder { get; }

    public FakeUpstreamServer Fakes { get; }

    public IUpstreamGate Gate { get; } = new LocalUpstreamGate(TimeProvider.System);

    public string Target => Path.Combine(Folder, "target");

    /// <summary>Enough failures that a test meets the breaker only when it wants to.</summary>
    public UpstreamLimits Limits { get; init; } = new(Failures: 100);

    public static async Task<FakeWorld> StartAsync(int clips = 3, Func<FakeOptions, FakeOptions>? configure = null)
    {
        var folder = Directory.CreateTempSubdirectory("makevideo-upstreams-").FullName;
        for (var i = 0; i < clips; i++)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, $"city-clip-{i:00}.mp4"), [0, 0, 0, 24, .. "ftypisom"u8, .. RandomNumberGenerator.GetBytes(ClipBytes - 12)], TestContext.Current.CancellationToken);
        }

        var options = new FakeOptions { Clips = folder };
        return new(folder, await FakeUpstreamServer.StartAsync(configure?.Invoke(options) ?? options));
    }

    public UpstreamOptions Options(string service) => new()
    {
        Name = service,
        Url = Fakes.Url(service),
        Section = "Upstreams:Test",
        Limits = Limits,
        RetryAfter = TimeSpan.FromMilliseconds(10),
        Patience = TimeSpan.FromMilliseconds(300),
        Timeouts = new()
        {
            Headers = TimeSpan.FromSeconds(1.5),
            Total = TimeSpan.FromSeconds(20),
            Download = TimeSpan.FromSeconds(20),
            Idle = TimeSpan.FromMilliseconds(600),
            LeastRate = 1000,
            RateWindow = TimeSpan.FromMilliseconds(1200),
        },
    };

    public UpstreamClient Client(string service) => Client(Options(service));

    public UpstreamClient Client(UpstreamOptions options) => new(options, wire, Gate, TimeProvider.System, NullLogger<UpstreamClient>.Instance);

    public YoutubeSearchSource Youtube(YoutubeSearchOptions? options = null) => new(
        Client("youtube-search"), Client("video-downloader"),
        options ?? new() { PollEvery = TimeSpan.FromMilliseconds(20), StuckAfter = TimeSpan.FromMilliseconds(400), AtMost = TimeSpan.FromSeconds(5) }, TimeProvider.System);

    public void Fault(string kind, string? service = null, string? path = null, int? times = 1, Func<FaultRule, FaultRule>? with = null)
    {
        var rule = new FaultRule { Kind = kind, Service = service, Path = path, Times = times };
        Fakes.Faults.Add(with?.Invoke(rule) ?? rule);
    }

    public static FootageQuery Query(string text = "city") => new(text, AnyClip: false, LibraryFolder: null);

    public Task<Outcome<string>> FetchAsync(IFootageSource source, ClipCandidate clip, long maxBytes = 1 << 20, IProgress<double>? progress = null) =>
        source.FetchAsync(clip, Target, maxBytes, progress, TestContext.Current.CancellationToken);

    /// <summary>The first clip of a source.</summary>
    public static async Task<ClipCandidate> FirstAsync(IFootageSource source)
    {
        var found = await source.SearchAsync(Query(), null, TestContext.Current.CancellationToken);
        Assert.False(found.Failed, found.Failure?.Message);
        return found.Value.Candidates[0];
    }

    /// <summary>Fails if the clip is not at the target whole, byte for byte.</summary>
    public async Task AssertFetchedAsync(Outcome<string> fetched, int clip = 0)
    {
        Assert.False(fetched.Failed, fetched.Failure?.Message);
        var expected = await File.ReadAllBytesAsync(Path.Combine(Folder, $"city-clip-{clip:00}.mp4"), TestContext.Current.CancellationToken);
        Assert.Equal(expected, await File.ReadAllBytesAsync(Target, TestContext.Current.CancellationToken));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(expected)), fetched.Value);
    }

    /// <summary>Fails if the fetch did not fail with this code, or left anything.</summary>
    public JobFailure AssertRefused(string code, Outcome<string> fetched)
    {
        Assert.True(fetched.Failed);
        Assert.True(code == fetched.Failure.Code, $"{fetched.Failure.Code}: {fetched.Failure.Message}");
        Assert.DoesNotContain(fetched.Failure.Message, char.IsControl);
        Assert.False(File.Exists(Target));
        return fetched.Failure;
    }

    public async ValueTask DisposeAsync()
    {
        await Fakes.DisposeAsync();
        wire.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
