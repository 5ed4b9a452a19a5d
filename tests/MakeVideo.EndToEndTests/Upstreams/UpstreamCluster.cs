using MakeVideo.EndToEndTests.Cluster;
using MakeVideo.EndToEndTests.Make;
using MakeVideo.EndToEndTests.Media;
using MakeVideo.EndToEndTests.Processes;
using MakeVideo.FakeUpstreams;
using MakeVideo.FakeUpstreams.Faults;

namespace MakeVideo.EndToEndTests.Upstreams;

/// <summary>One cluster of three silos whose outside world is faked over real HTTP: 120 short clips at each source, and two services that transcribe.</summary>
public sealed class UpstreamCluster(MediaFixture media) : IAsyncLifetime
{
    /// <summary>Clips that each source offers.</summary>
    internal const int Clips = 120;

    /// <summary>Output frames that one of them is good for: 1.4 s, without the last frame.</summary>
    internal const int FramesEach = 41;

    /// <summary>Seconds that the downloader's breaker stays open at first: a sixth of the real one, as the outages here are.</summary>
    internal const int OpenSeconds = 10;

    private const int Silos = 3;

    private readonly Workplace _place = new(media, times: 6);
    private ProcessCluster? _cluster;
    private RoleStart _start = new();
    private FakeOptions _offered = null!;

    internal FakeUpstreamServer Fakes { get; private set; } = null!;

    /// <summary>The cluster, whole, with nothing done and a world that behaves.</summary>
    internal async Task<ProcessCluster> WholeAsync()
    {
        if (_cluster is null)
        {
            await StartAsync();
        }

        Fakes.Faults.Clear();
        await _cluster!.RefillAsync(Silos, _start);
        await _cluster.AreTogetherAsync();
        await _cluster.AnswersAsync();
        _cluster.ForgetFiles();
        Fakes.Calls.Clear();
        return _cluster;
    }

    /// <summary>The first so many seconds of the speech, as a field of the form. A length that no other test takes was never transcribed.</summary>
    internal string Speech(double seconds) =>
        "audio_file=@" + media.Make(FormattableString.Invariant($"speech-{seconds}.wav"), "-i", _place.Speech, "-t", FormattableString.Invariant($"{seconds}"));

    /// <summary>Times that the bytes of a clip were asked for, by clip.</summary>
    internal Dictionary<string, int> Downloads() => Fakes.Calls.All
        .Where(call => call.Service == "video-downloader" && call.Path.EndsWith("/download", StringComparison.Ordinal)).GroupBy(call => call.Path).ToDictionary(group => group.Key, group => group.Count());

    /// <summary>The id of the clip that the searches offer in that place.</summary>
    internal string OfferedId(int index) => new Material(_offered).Clips[index].Id;

    /// <summary>Has a service answer with a status until the faults are cleared.</summary>
    internal void Break(string service, int status = 503) => Fakes.Faults.Add(new() { Kind = FaultKinds.Status, Service = service, Status = status });

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
            await Fakes.DisposeAsync();
        }
    }

    private async Task StartAsync()
    {
        // Gradients: nothing in them looks like text.
        var clip = media.Make("gradient.mp4", "-f", "lavfi", "-i", "gradients=size=320x240:rate=30:duration=1.4", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p");
        var folder = Directory.CreateDirectory(_place.In("offered")).FullName;
        File.Copy(clip, Path.Combine(folder, "city-lights.mp4"));
        Fakes = await FakeUpstreamServer.StartAsync(_offered = new() { Clips = folder, Copies = Clips });
        (string Name, string Value)[] settings =
        [
            .. Fakes.Settings(),
            ("Upstreams:VideoDownloader:OpenSeconds", FormattableString.Invariant($"{OpenSeconds}")),
            ("Transcription:Languages:pt", "openai"), ("Transcription:Languages:en", "audio-transcriber,moonshine-tiny-en"),
        ];
        _start = new() { Environment = settings.ToDictionary(setting => "MAKEVIDEO_" + setting.Name.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value) };
        _cluster = await ProcessCluster.StartAsync(_place, Silos, _start);
    }
}
