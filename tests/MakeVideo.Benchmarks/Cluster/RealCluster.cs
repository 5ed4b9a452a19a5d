using System.Diagnostics;
using System.Globalization;
using MakeVideo.Contracts;

namespace MakeVideo.Benchmarks.Cluster;

/// <summary>Silos of the built executable on a Redis, with real speech and clips, made by ffmpeg.</summary>
internal sealed class RealCluster : IAsyncDisposable
{
    private const string Words = "Every video begins with a voice. This one was spoken by a machine, cut by a machine, and written on the screen word by word. Say something worth watching, and send it.";
    private const int Clips = 8;
    private const int ClipSeconds = 5;

    private static readonly string[] Sources = ["testsrc2", "mandelbrot", "life", "smptebars", "rgbtestsrc", "gradients", "cellauto", "sierpinski"];

    private readonly BenchCluster _inner;
    private readonly Dictionary<string, Process> _silos = [];
    private readonly string _speech;
    private readonly string _library;
    private readonly double? _cores;
    private readonly List<CpuShare> _shares = [];
    private int _started;

    private RealCluster(BenchCluster inner, string speech, string library, double? cores) => (_inner, _speech, _library, _cores) = (inner, speech, library, cores);

    /// <param name="silos">How many.</param>
    /// <param name="cores">Of CPU for each, with one slot; null: all there are.</param>
    /// <param name="seconds">Of speech; null: as long as the words take.</param>
    public static async Task<RealCluster> StartAsync(int silos, double? cores = null, int? seconds = null)
    {
        var inner = await BenchCluster.WithRedisAsync();
        var speech = Path.Combine(inner.Data.Root, "speech.wav");
        var library = Directory.CreateDirectory(Path.Combine(inner.Data.Root, "library")).FullName;
        await FfmpegAsync(["-f", "lavfi", "-i", $"flite=text='{Words.Replace(",", "\\,", StringComparison.Ordinal)}':voice=slt", "-ar", "44100", .. Lasting(seconds), speech]);
        for (var clip = 0; clip < Clips; clip++)
        {
            await FfmpegAsync("-f", "lavfi", "-i", $"{Sources[clip]}=size=320x568:rate={25 + (5 * (clip % 2))}", "-t", ClipSeconds.ToString(CultureInfo.InvariantCulture), "-pix_fmt", "yuv420p", Path.Combine(library, $"clip{clip}.mp4"));
        }

        var cluster = new RealCluster(inner, speech, library, cores);
        for (var i = 0; i < silos; i++)
        {
            cluster.StartSilo();
        }

        await inner.ConnectAsync(silos);
        return cluster;
    }

    public Process StartSilo()
    {
        var name = FormattableString.Invariant($"s{++_started}");
        string[] command = ["dotnet", Path.Combine(AppContext.BaseDirectory, "makevideo.dll"), "silo", "--redis", _inner.Redis, "--data", _inner.Data.Root, "--name", name, "--gateway-port", "0", "--admin-urls", "http://127.0.0.1:0"];
        if (_cores is { } cores)
        {
            _shares.Add(new(cores));
            command = _shares[^1].Command([.. command, "--slots", "1"]);
        }

        var process = _inner.Start(command[0], command[1..]);
        _silos[name] = process;
        return process;
    }

    /// <summary>SIGKILL.</summary>
    public void Kill(string silo)
    {
        _silos.Remove(silo, out var process);
        process!.Kill();
    }

    /// <summary>Starts silos until there are so many, and waits for them.</summary>
    public async Task RefillAsync(int silos)
    {
        while (_silos.Count < silos)
        {
            StartSilo();
        }

        await _inner.TogetherAsync(silos);
    }

    /// <summary>One blow of chaos.</summary>
    /// <param name="blow">What: killed, stopped (TERM), started, redis restarted.</param>
    /// <param name="round">Chooses the silo.</param>
    public async Task StrikeAsync(string blow, int round)
    {
        switch (blow)
        {
            case "redis restarted":
                await _inner.RestartRedisAsync();
                return;
            case "started":
                StartSilo();
                return;
            default:
                var name = _silos.Keys.ElementAt(round % _silos.Count);
                _silos.Remove(name, out var process);
                using (var kill = Process.Start("kill", [blow == "killed" ? "-KILL" : "-TERM", process!.Id.ToString(CultureInfo.InvariantCulture)]))
                {
                    await kill.WaitForExitAsync();
                }

                return;
        }
    }

    /// <summary>Starts silos until there are so many, and waits for none of them.</summary>
    public Task AtLeastAsync(int silos)
    {
        while (_silos.Count < silos)
        {
            StartSilo();
        }

        return Task.CompletedTask;
    }

    /// <summary>As <see cref="SubmitAsync"/>, through whatever outage there is, with nothing forgotten and a cut of its own.</summary>
    public async Task<string> SubmitThroughAsync(int round)
    {
        for (var started = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                return await SubmitAsync(round, forget: false, seed: round);
            }
            catch (Exception failure) when (Grains.Cluster.Outages.Is(failure) && Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(2))
            {
                await Task.Delay(200);
            }
        }
    }

    /// <summary>Deletes every clip and segment that a job could find done.</summary>
    public void Forget()
    {
        foreach (var cache in new[] { _inner.Data.Segments, _inner.Data.Clips }.Where(Directory.Exists))
        {
            Directory.Delete(cache, recursive: true);
        }
    }

    /// <summary>What the job's log holds.</summary>
    public async Task<System.Collections.Immutable.ImmutableArray<JobEvent>> EventsAsync(string id) => await _inner.Grains.GetGrain<IJobGrain>(id).EventsAsync();

    /// <summary>The same request each time, with nothing left of the last one that it could find: no segment, no clip, another name for the same words.</summary>
    public async Task<string> SubmitAsync(int round, bool forget = true, int seed = 1)
    {
        if (forget)
        {
            Forget();
        }

        var id = JobIds.Create();
        Directory.CreateDirectory(_inner.Data.Upload(id));
        File.Copy(_speech, _inner.Data.Audio(id));
        var script = Words + new string('\n', round + 2);
        await File.WriteAllTextAsync(_inner.Data.Script(id), script);
        var request = new JobRequest
        {
            JobId = id, AudioSha256 = Sha256(await File.ReadAllBytesAsync(_speech)), Query = "clip", Quality = Quality.Preview, Seed = seed, CreatedAt = DateTimeOffset.UtcNow,
            LibraryFolder = _library, AnyClip = true, HasScript = true, ScriptSha256 = Sha256(System.Text.Encoding.UTF8.GetBytes(script)), Language = "en",
        };
        var taken = await _inner.Grains.GetGrain<IJobGrain>(id).SubmitAsync(request);
        return taken.Failed ? throw new InvalidOperationException(taken.Failure.Message) : id;
    }

    /// <summary>Submits a job and sees it completed.</summary>
    public async Task<JobView> RunAsync(int round)
    {
        var id = await SubmitAsync(round);
        return await UntilAsync(id, job => job.Result is not null, TimeSpan.FromMinutes(3));
    }

    /// <summary>Polls a job; a poll that a dying silo does not answer is given up quickly.</summary>
    public async Task<JobView> UntilAsync(string id, Func<JobView, bool> holds, TimeSpan within)
    {
        JobView? view = null;
        await Until.HoldsAsync(
            async () =>
            {
                try
                {
                    view = await _inner.Grains.GetGrain<IJobGrain>(id).GetAsync().WaitAsync(TimeSpan.FromMilliseconds(500));
                    return view is not null && holds(view);
                }
                catch (Exception failure) when (failure is TimeoutException or Orleans.Runtime.OrleansException)
                {
                    return false;
                }
            },
            within, $"job {id} is {view?.Status}");
        return view!;
    }

    public async ValueTask DisposeAsync()
    {
        await _inner.DisposeAsync();
        _shares.ForEach(share => share.Dispose());
    }

    private static string[] Lasting(int? seconds) => seconds is null ? [] : ["-af", "aloop=loop=-1:size=10000000", "-t", FormattableString.Invariant($"{seconds}")];

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));

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
