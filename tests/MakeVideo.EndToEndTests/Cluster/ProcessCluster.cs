using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MakeVideo.Contracts;
using MakeVideo.EndToEndTests.Make;
using MakeVideo.EndToEndTests.Processes;
using MakeVideo.Grains.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MakeVideo.EndToEndTests.Cluster;

/// <summary>A whole cluster of real processes: redis-server, silos <c>s1</c>, <c>s2</c> and so on, a gateway. All end with it, by their ids.</summary>
internal sealed class ProcessCluster : IAsyncDisposable
{
    private readonly List<RoleProcess> _silos = [];

    private ProcessCluster(Workplace place, RedisProcess redis) => (Place, Redis, Ffmpeg) = (place, redis, new StepFfmpeg(place.In("tools")));

    public Workplace Place { get; }

    public RedisProcess Redis { get; }

    public StepFfmpeg Ffmpeg { get; }

    public RoleProcess Gateway { get; private set; } = null!;

    /// <summary>The silos that have not ended.</summary>
    public IReadOnlyList<RoleProcess> Silos => [.. _silos.Where(silo => !silo.HasExited)];

    public string Data => Place.In("data");

    public string Log => Gateway?.Log + string.Concat(_silos.Select(silo => silo.Log));

    /// <summary>Starts it; returns when every silo is ready and knows the others, and the gateway is healthy.</summary>
    public static Task<ProcessCluster> StartAsync(Workplace place, int silos = 3, RoleStart? start = null) =>
        StartAsync(place, "127.0.0.1", new(), [.. Enumerable.Repeat(start ?? new(), silos)]);

    /// <summary>As above, each process started in its own way and the store on a host of its own.</summary>
    public static async Task<ProcessCluster> StartAsync(Workplace place, string storeHost, RoleStart gateway, params RoleStart[] silos)
    {
        var cluster = new ProcessCluster(place, await RedisProcess.StartAsync(place.In("redis"), storeHost));
        try
        {
            cluster.Gateway = cluster.BeginGateway(gateway);
            await cluster.StartSilosAsync(silos);
            await cluster.IsUpAsync(gateway.Host);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts more silos; returns when all know each other.</summary>
    public Task<IReadOnlyList<RoleProcess>> StartSilosAsync(int count, RoleStart? start = null) => StartSilosAsync([.. Enumerable.Repeat(start ?? new(), count)]);

    /// <inheritdoc cref="StartSilosAsync(int, RoleStart?)"/>
    public async Task<IReadOnlyList<RoleProcess>> StartSilosAsync(IReadOnlyList<RoleStart> starts)
    {
        (RoleProcess Silo, RoleStart Start)[] started = [.. starts.Select(start => (BeginSilo(start), start))];
        foreach (var (silo, start) in started)
        {
            await silo.ListensAsync(start.Host);
        }

        await AreTogetherAsync(started.Select(pair => pair.Silo));
        return [.. started.Select(pair => pair.Silo)];
    }

    /// <summary>Starts silos until there are so many.</summary>
    public Task RefillAsync(int silos, RoleStart? start = null) => Silos.Count < silos ? StartSilosAsync(silos - Silos.Count, start) : Task.CompletedTask;

    /// <summary>Starts a silo and does not wait for it.</summary>
    public RoleProcess BeginSilo(RoleStart start)
    {
        var name = FormattableString.Invariant($"s{_silos.Count + 1}");
        var silo = RoleProcess.Start(
            name, Place.Folder,
            ["silo", "--redis", start.Redis ?? Redis.Connection, "--data", Data, "--name", name, "--gateway-port", "0", "--admin-urls", $"http://{start.Host}:0"],
            Ffmpeg.Folder, start);
        _silos.Add(silo);
        return silo;
    }

    /// <summary>Starts another gateway in the place of the one that was.</summary>
    public async Task RestartGatewayAsync()
    {
        await Gateway.DisposeAsync();
        Gateway = BeginGateway(new());
        await IsUpAsync("127.0.0.1");
    }

    /// <summary>Returns when these silos, or all, are ready and know all that live.</summary>
    public async Task AreTogetherAsync(IEnumerable<RoleProcess>? some = null)
    {
        foreach (var silo in some ?? Silos)
        {
            await Eventually.HoldsAsync(
                async () => silo.HasExited
                    ? throw new InvalidOperationException($"It ended.\n{silo.Log}")
                    : await silo.ReadyAsync() is (200, { } body) && (int)body["peers"]! == Silos.Count - 1,
                () => $"{silo.Name} is not ready.\n{Log}", seconds: 90);
        }
    }

    /// <summary>Returns when the gateway reaches the silos, and they the store.</summary>
    public Task AnswersAsync() => Eventually.HoldsAsync(
        async () => (await Gateway.Http.RunAsync("/health", "--max-time", "10")).Status == 200, () => $"The gateway is not healthy.\n{Log}", seconds: 90);

    /// <summary>Sends the speech; <paramref name="fields"/> are more of the form, <c>name=value</c>.</summary>
    public async Task<string> SubmitAsync(params string[] fields)
    {
        var accepted = await TrySubmitAsync(fields);
        Assert.True(accepted.Status == 202, $"{accepted.Status} {accepted.Text}\n{Log}");
        return (string)accepted.Json!["job_id"]!;
    }

    /// <summary>The answer to a submission, whatever it is; <paramref name="fields"/> win over ours.</summary>
    public Task<Curled> TrySubmitAsync(params string[] fields)
    {
        var form = new Dictionary<string, string> { ["query"] = "city", ["quality"] = "preview", ["audio_file"] = $"@{Place.Speech}" };
        foreach (var field in fields)
        {
            form[field[..field.IndexOf('=', StringComparison.Ordinal)]] = field[(field.IndexOf('=', StringComparison.Ordinal) + 1)..];
        }

        return Gateway.Http.RunAsync("/make-video", [.. form.SelectMany(field => new[] { "-F", $"{field.Key}={field.Value}" })]);
    }

    public async Task<JsonNode> JobAsync(string id)
    {
        JsonNode? job = null;
        await Eventually.HoldsAsync(async () => (job = await TryJobAsync(id)) is not null, () => $"Job {id} is not told.\n{Log}");
        return job!;
    }

    /// <summary>The job as the API tells it; null when it does not.</summary>
    public async Task<JsonNode?> TryJobAsync(string id) => await Gateway.Http.RunAsync($"/jobs/{id}", "--max-time", "10") is { Status: 200 } told ? told.Json : null;

    /// <summary>Polls a job until <paramref name="holds"/>.</summary>
    public async Task<JsonNode> UntilAsync(string id, Func<JsonNode, bool> holds, double seconds = 120)
    {
        JsonNode? job = null;
        await Eventually.HoldsAsync(async () => (job = await TryJobAsync(id)) is not null && holds(job), () => $"Job {id} is {job}\n{Log}", seconds);
        return job!;
    }

    /// <summary>Polls a job until it is completed; any other end fails the test at once.</summary>
    public async Task<JsonNode> CompletesAsync(string id, double seconds = 120)
    {
        var job = await UntilAsync(id, job => (string?)job["status"] is "completed" or "failed" or "cancelled" or "dead_lettered", seconds);
        Assert.True((string?)job["status"] == "completed", $"{job}\n{Log}");
        return job;
    }

    /// <summary>The silo that works on the job now, as a process.</summary>
    public async Task<RoleProcess> OwnerAsync(string id)
    {
        var job = await UntilAsync(id, job => job["silo"] is not null && Silos.Any(silo => silo.Name == (string?)job["silo"]));
        return Silos.First(silo => silo.Name == (string?)job["silo"]);
    }

    /// <summary>The silo that keeps the line of jobs.</summary>
    public Task<RoleProcess> QueueKeeperAsync() => KeeperAsync(grains => grains.GetGrain<IJobQueueGrain>(0));

    /// <summary>Speaks to the grains as a gateway does.</summary>
    public async Task<T> AsClientAsync<T>(Func<IGrainFactory, Task<T>> talk)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.AddMakeVideoClient(new ClusterSettings { Redis = Redis.Connection, Data = new(Data) });
        using var client = builder.Build();
        await client.StartAsync();
        var answer = await talk(client.Services.GetRequiredService<IGrainFactory>());
        await client.StopAsync();
        return answer;
    }

    /// <summary>The silo that keeps a grain.</summary>
    public Task<RoleProcess> KeeperAsync(Func<IGrainFactory, IAddressable> grain) => AsClientAsync(async grains =>
    {
        var management = grains.GetGrain<IManagementGrain>(0);
        var address = await management.GetActivationAddress(grain(grains));
        var name = (await management.GetDetailedHosts(onlyActive: true)).Single(host => host.SiloAddress.Equals(address)).SiloName;
        return Silos.Single(silo => silo.Name == name);
    });

    /// <summary>Names of what happened to the job, in order.</summary>
    public async Task<IReadOnlyList<string>> EventsAsync(string id) =>
        [.. (await Redis.CommandAsync("lrange", $"makevideo/events/{id}", "0", "-1")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (string)JsonNode.Parse(line)!["kind"]!)];

    /// <summary>The finished video, byte for byte.</summary>
    public async Task<byte[]> VideoAsync(string id)
    {
        var video = await Gateway.Http.RunAsync($"/download/{id}");
        Assert.True(video.Status == 200, $"{video.Status} {video.Text}");
        return video.Body;
    }

    /// <summary>Whether the job is done, whole and exact, once, and leaves no litter.</summary>
    public async Task IsDoneOnceAsync(string id)
    {
        var job = await CompletesAsync(id);
        Assert.Equal((double)job["audio_duration"]! + 1, (double)job["result"]!["duration"]!, 1 / 30.0);
        Assert.Equal((string)job["result"]!["sha256"]!, Convert.ToHexStringLower(SHA256.HashData(await VideoAsync(id))));
        await Eventually.HoldsAsync(
            () => Directory.GetFiles(Path.Combine(Data, "videos", id)).Length == 3 && !Directory.Exists(Path.Combine(Data, "work", id)), () => $"Job {id} leaves litter.\n{Log}");
        await Eventually.HoldsAsync(async () => (await Redis.CommandAsync("hvals", "makevideo/reminders")).Contains(id, StringComparison.Ordinal) is false, () => "Its reminder stands.");
        Assert.InRange((await EventsAsync(id)).Count(kind => kind == "completed"), 0, 1);
    }

    /// <summary>Drops every finished clip and segment, so that the next job does all of its work.</summary>
    public void ForgetFiles()
    {
        foreach (var folder in new[] { "clips", "segments" }.Select(name => Path.Combine(Data, name)).Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
        }

        Ffmpeg.Forget();
    }

    /// <summary>A script of the sentence that no job has had: the words must be laid out anew, and come out the same.</summary>
    public string FreshScript()
    {
        var path = Place.In($"{Guid.NewGuid():N}.txt");
        File.WriteAllText(path, Place.Words + new string('\n', Random.Shared.Next(1, 4000)));
        return $"script=@{path}";
    }

    /// <summary>Kills every silo.</summary>
    public Task KillSilosAsync() => Task.WhenAll(Silos.Select(silo => silo.KillAsync()));

    public async ValueTask DisposeAsync()
    {
        Ffmpeg.Open();
        foreach (var silo in _silos)
        {
            await silo.DisposeAsync();
        }

        if (Gateway is not null)
        {
            await Gateway.DisposeAsync();
        }

        await Redis.DisposeAsync();
    }

    private RoleProcess BeginGateway(RoleStart start) => RoleProcess.Start(
        "gateway", Place.Folder, ["gateway", "--redis", start.Redis ?? Redis.Connection, "--data", Data, "--library", Place.Library, "--urls", $"http://{start.Host}:0", .. start.Host == "127.0.0.1" ? Array.Empty<string>() : ["--open"]], toolsFirst: null, start);

    private async Task IsUpAsync(string host)
    {
        await Gateway.ListensAsync(host);
        await AnswersAsync();
    }
}
