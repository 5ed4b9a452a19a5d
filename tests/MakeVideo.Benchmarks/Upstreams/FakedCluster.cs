using System.Diagnostics;
using System.Security.Cryptography;
using MakeVideo.Benchmarks.Cluster;
using MakeVideo.Contracts;
using MakeVideo.FakeUpstreams;

namespace MakeVideo.Benchmarks.Upstreams;

/// <summary>Real silos on a Redis whose services outside are faked over HTTP: <c>youtube</c> and <c>audio-transcriber</c>, forty clips of 1.4 s.</summary>
internal sealed class FakedCluster : IAsyncDisposable
{
    private const string Words = "Every video begins with a voice. This one was spoken by a machine, cut by a machine, and written on the screen word by word.";

    private readonly BenchCluster _inner;
    private readonly string _speech;

    private FakedCluster(BenchCluster inner, FakeUpstreamServer fakes, string speech) => (_inner, Fakes, _speech) = (inner, fakes, speech);

    public FakeUpstreamServer Fakes { get; }

    /// <param name="jobSeconds">How long a search, a download and a transcription take there.</param>
    /// <param name="settings">More of the silos' settings.</param>
    public static async Task<FakedCluster> StartAsync(double jobSeconds, params (string Name, string Value)[] settings)
    {
        const int Silos = 3;
        var inner = await BenchCluster.WithRedisAsync();
        var offered = Directory.CreateDirectory(Path.Combine(inner.Data.Root, "offered")).FullName;
        var speech = Path.Combine(inner.Data.Root, "speech.wav");
        await FfmpegAsync("-f", "lavfi", "-i", "gradients=size=320x240:rate=30:duration=1.4", "-preset", "ultrafast", "-pix_fmt", "yuv420p", Path.Combine(offered, "clip.mp4"));
        await FfmpegAsync("-f", "lavfi", "-i", $"flite=text='{Words.Replace(",", "\\,", StringComparison.Ordinal)}':voice=slt", speech);
        var fakes = await FakeUpstreamServer.StartAsync(new() { Clips = offered, Copies = 40, JobSeconds = jobSeconds });
        foreach (var (name, value) in fakes.Settings().Concat(settings))
        {
            // Silos inherit them.
            Environment.SetEnvironmentVariable("MAKEVIDEO_" + name.Replace(":", "__", StringComparison.Ordinal), value);
        }

        for (var silo = 1; silo <= Silos; silo++)
        {
            inner.Start("dotnet", Path.Combine(AppContext.BaseDirectory, "makevideo.dll"), "silo", "--redis", inner.Redis, "--data", inner.Data.Root, "--name", FormattableString.Invariant($"s{silo}"), "--gateway-port", "0", "--admin-urls", "http://127.0.0.1:0");
        }

        await inner.ConnectAsync(Silos);
        return new(inner, fakes, speech);
    }

    /// <summary>A small job: ten seconds of speech, all footage and words from outside.</summary>
    public async Task<string> SubmitAsync()
    {
        var id = JobIds.Create();
        Directory.CreateDirectory(_inner.Data.Upload(id));
        File.Copy(_speech, _inner.Data.Audio(id));
        var taken = await _inner.Grains.GetGrain<IJobGrain>(id).SubmitAsync(new()
        {
            JobId = id, AudioSha256 = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(_speech))), Query = "clip", Quality = Quality.Preview, MaxShorts = 40,
            Source = "youtube", Language = "en", CreatedAt = DateTimeOffset.UtcNow,
        });
        return taken.Failed ? throw new InvalidOperationException(taken.Failure.Message) : id;
    }

    /// <summary>The job at its end, whatever that is.</summary>
    public Task<JobView> EndAsync(string id) => UntilAsync(id, job => job.Status is JobStatus.Completed or JobStatus.Failed or JobStatus.DeadLettered);

    /// <summary>The job when <paramref name="holds"/>.</summary>
    public async Task<JobView> UntilAsync(string id, Func<JobView, bool> holds)
    {
        JobView? job = null;
        await Until.HoldsAsync(async () => (job = await _inner.Grains.GetGrain<IJobGrain>(id).GetAsync()) is not null && holds(job), TimeSpan.FromMinutes(10), $"job {id} does not get there");
        return job!;
    }

    public async ValueTask DisposeAsync()
    {
        await _inner.DisposeAsync();
        await Fakes.DisposeAsync();
    }

    private static async Task FfmpegAsync(params string[] arguments)
    {
        using var ffmpeg = Process.Start("ffmpeg", ["-v", "error", "-nostdin", "-y", .. arguments]);
        await ffmpeg.WaitForExitAsync();
        if (ffmpeg.ExitCode != 0)
        {
            throw new InvalidOperationException("ffmpeg could not make the benchmark's media.");
        }
    }
}
