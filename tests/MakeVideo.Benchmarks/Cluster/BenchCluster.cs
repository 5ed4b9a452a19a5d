using System.Diagnostics;
using System.Globalization;
using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace MakeVideo.Benchmarks.Cluster;

/// <summary>A redis-server, silos with stubbed tools as processes of their own, and a client of theirs in this one. All in memory: disks are not what is measured.</summary>
internal sealed class BenchCluster : IAsyncDisposable
{
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(60);

    private readonly List<Process> _processes = [];
    private readonly string _folder;
    private IHost? _client;

    private BenchCluster(string folder, int port) => (_folder, Port, Data) = (folder, port, new(Path.Combine(folder, "data")));

    public int Port { get; }

    public DataFolder Data { get; }

    public string Redis => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    public IConnectionMultiplexer Store { get; private set; } = null!;

    public IGrainFactory Grains => _client!.Services.GetRequiredService<IGrainFactory>();

    public static async Task<BenchCluster> StartAsync(int silos, int activeJobs, int slots = 2)
    {
        var cluster = await WithRedisAsync();
        for (var i = 0; i < silos; i++)
        {
            cluster.StartSilo(activeJobs, slots);
        }

        await cluster.ConnectAsync(silos);
        return cluster;
    }

    public static async Task<BenchCluster> WithRedisAsync()
    {
        var folder = Directory.CreateDirectory(Path.Combine("/dev/shm", $"makevideo-bench-{Guid.NewGuid():N}")).FullName;
        var cluster = new BenchCluster(folder, FreePort.Next());
        Directory.CreateDirectory(cluster.Data.Root);
        cluster.StartRedis();
        var options = ConfigurationOptions.Parse(cluster.Redis + ",abortConnect=false,allowAdmin=true");
        cluster.Store = await ConnectionMultiplexer.ConnectAsync(options);
        await Until.HoldsAsync(() => Task.FromResult(cluster.Store.IsConnected), StartsWithin, "redis-server does not answer");
        return cluster;
    }

    /// <param name="activeJobs">Jobs at work in the cluster.</param>
    /// <param name="slots">Of this silo.</param>
    /// <param name="segmentSeconds">How long a segment takes.</param>
    public Process StartSilo(int activeJobs, int slots, int segmentSeconds = 0) => Start(
        "dotnet", [typeof(BenchCluster).Assembly.Location, "stub-silo", Redis, Data.Root, .. new[] { slots, activeJobs, segmentSeconds }.Select(number => number.ToString(CultureInfo.InvariantCulture))]);

    /// <summary>Starts the API, and does not wait for it.</summary>
    public (Process Process, string Address) StartGateway()
    {
        var address = FormattableString.Invariant($"http://127.0.0.1:{FreePort.Next()}");
        return (Start("dotnet", Path.Combine(AppContext.BaseDirectory, "makevideo.dll"), "gateway", "--redis", Redis, "--data", Data.Root, "--urls", address), address);
    }

    /// <summary>Whether the API answers, and a silo behind it.</summary>
    public static async Task<bool> IsHealthyAsync(HttpClient http)
    {
        try
        {
            return (await http.GetAsync(new Uri("/health", UriKind.Relative))).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Ends Redis in good order and starts it again on what it wrote.</summary>
    public async Task RestartRedisAsync()
    {
        var redis = _processes[0];
        using (var kill = Process.Start("kill", [redis.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        await redis.WaitForExitAsync();
        _processes.RemoveAt(0);
        StartRedis();
        var restarted = _processes[^1];
        _processes.RemoveAt(_processes.Count - 1);
        _processes.Insert(0, restarted);
    }

    private Process StartRedis() =>
        Start("redis-server", "--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder, "--save", "", "--appendonly", "yes");

    public async Task ConnectAsync(int silos)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.ClearProviders();
        builder.AddMakeVideoClient(new() { Redis = Redis, Data = Data });
        _client = builder.Build();
        await _client.StartAsync();
        await TogetherAsync(silos);
    }

    /// <summary>Returns when so many silos are active.</summary>
    public Task TogetherAsync(int silos) => Until.HoldsAsync(
        async () => (await Grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true)).Count == silos, StartsWithin, "the silos do not find each other");

    /// <summary>Puts an upload in place and submits it.</summary>
    /// <param name="seconds">Of audio.</param>
    /// <param name="query">Ends in the number of clips to offer.</param>
    /// <param name="shorts">The most clips.</param>
    public async Task<string> SubmitAsync(double seconds, string query, int shorts = 500)
    {
        var id = JobIds.Create();
        Directory.CreateDirectory(Data.Upload(id));
        await File.WriteAllBytesAsync(Data.Audio(id), StubTools.Audio(seconds));
        var request = new JobRequest
        {
            JobId = id, AudioSha256 = string.Create(CultureInfo.InvariantCulture, $"{seconds:000000000000000000000}"), Query = query, MaxShorts = shorts, Quality = Quality.Preview, CreatedAt = DateTimeOffset.UtcNow,
        };
        var taken = await Grains.GetGrain<IJobGrain>(id).SubmitAsync(request);
        return taken.Failed ? throw new InvalidOperationException(taken.Failure.Message) : id;
    }

    /// <summary>Jobs under a final status of the index.</summary>
    public Task<long> CountAsync(string status) => Store.GetDatabase().SortedSetLengthAsync($"makevideo/jobs/{status}");

    /// <summary>Commands that Redis has executed, those inside scripts and transactions included; probes of life and this count itself are not.</summary>
    public async Task<long> CommandsAsync() => (await Store.GetServers()[0].InfoAsync("commandstats")).SelectMany(group => group)
        .Where(line => line.Key is not ("cmdstat_info" or "cmdstat_ping" or "cmdstat_zcard" or "cmdstat_multi" or "cmdstat_exec" or "cmdstat_evalsha" or "cmdstat_eval"))
        .Sum(line => long.Parse(line.Value.Split(',')[0].Split('=')[1], CultureInfo.InvariantCulture));

    /// <summary>Commands by name.</summary>
    public async Task<string> CommandTableAsync() => string.Join(' ', (await Store.GetServers()[0].InfoAsync("commandstats")).SelectMany(group => group)
        .Select(line => $"{line.Key["cmdstat_".Length..]}={line.Value.Split(',')[0].Split('=')[1]}"));

    /// <summary>Bytes of the largest progress state in the store.</summary>
    public async Task<long> ProgressBytesAsync()
    {
        var most = 0L;
        await foreach (var key in Store.GetServers()[0].KeysAsync(pattern: "makevideo/state/job/*/progress"))
        {
            most = Math.Max(most, await Store.GetDatabase().HashStringLengthAsync(key, "data"));
        }

        return most;
    }

    /// <summary>Seconds of CPU that each program has used so far, all its processes together.</summary>
    public IReadOnlyDictionary<string, double> CpuSeconds() => _processes.Where(process => !process.HasExited).GroupBy(process => process.ProcessName).ToDictionary(group => group.Key, group => group.Sum(process =>
    {
        process.Refresh();
        return process.TotalProcessorTime.TotalSeconds;
    }));

    public Process Start(string program, params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        _processes.Add(process);
        return process;
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.StopAsync();
            _client.Dispose();
        }

        await Store.DisposeAsync();
        foreach (var process in Enumerable.Reverse(_processes))
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }

            await process.WaitForExitAsync();
            process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>Waits for a condition with a deadline.</summary>
internal static class Until
{
    public static async Task HoldsAsync(Func<Task<bool>> condition, TimeSpan within, string otherwise)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > within)
            {
                throw new TimeoutException(otherwise);
            }

            await Task.Delay(5);
        }
    }
}
