using System.Text.Json.Nodes;
using MakeVideo.EndToEndTests.Make;
using MakeVideo.EndToEndTests.Media;
using MakeVideo.EndToEndTests.Processes;

namespace MakeVideo.EndToEndTests.Containers;

/// <summary>
/// The image of this checkout and its compose file at work: Redis, a gateway and silos, in a project of its own. Without an engine nothing is
/// started and the tests say so; an image that does not build, or a cluster that does not come up, fails them.
/// </summary>
public sealed class ContainerCluster(MediaFixture media) : IAsyncLifetime
{
    private const string Image = "makevideo-test";
    private const int Silos = 3;

    /// <summary>The silos are other users than whoever runs the tests.</summary>
    private const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private static readonly string[] Final = ["completed", "failed", "cancelled", "dead_lettered"];

    private readonly string _project = $"makevideo-test-{Environment.ProcessId}";
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private string? _missing;
    private string[] _compose = [];
    private Workplace _place = null!;

    internal string Network => $"{_project}_default";

    private string Gate => _place.In("gate");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _missing = await Docker.MissingAsync();
        if (_missing is not null)
        {
            return;
        }

        _compose = (await Docker.ComposeAsync())!;
        _place = new(media);
        MakeGate();
        await Docker.RunAsync("build", "--tag", Image, Checkout());

        // It listens beyond the loopback, and so asks for a key; without one it would not start.
        var key = await ComposeAsync("run", "--rm", "--no-deps", "-T", "gateway", "keys", "add", "--owner", "tests", "--scopes", "submit,read", "--data", "/data");
        _http.DefaultRequestHeaders.Authorization = new("Bearer", key.Split('\n')[^1].Trim());
        await ScaleAsync(Silos);
        _http.BaseAddress = new($"http://{await ComposeAsync("port", "gateway", "8004")}");
        await ReadyAsync(Silos);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_place is not null)
        {
            await ComposeAsync("down", "--volumes", "--timeout", "5");
        }
    }

    /// <summary>Skips the test where there is no engine; else a cluster of three ready silos with nothing in its cache and the gate shut.</summary>
    internal async Task ReadyAsync()
    {
        Assert.SkipUnless(_missing is null, _missing ?? "");
        Shut();
        await ScaleAsync(Silos);
        await ReadyAsync(Silos);
        await ClearCacheAsync();
    }

    internal Task ScaleAsync(int silos) => ComposeAsync("up", "--detach", "--no-build", "--scale", $"silo={silos}");

    /// <summary>Lets one segment through the gate.</summary>
    internal void Pass() => Directory.CreateDirectory(Path.Combine(Gate, "pass"));

    /// <summary>Lets all renders go on.</summary>
    internal void Open() => File.WriteAllText(Path.Combine(Gate, "open"), "");

    internal async Task<string> SubmitAsync()
    {
        using var speech = new StreamContent(File.OpenRead(_place.Speech));
        using var form = new MultipartFormDataContent
        {
            { speech, "audio_file", "speech.wav" }, { new StringContent("city"), "query" }, { new StringContent("preview"), "quality" },
        };
        using var answer = await _http.PostAsync(new Uri("/make-video", UriKind.Relative), form, Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True((int)answer.StatusCode == 202, text);
        return (string)JsonNode.Parse(text)!["job_id"]!;
    }

    /// <summary>The job once it is as wanted. An API that cannot ask the job's silo just now is asked again.</summary>
    internal async Task<JsonNode> UntilAsync(string job, Func<JsonNode, bool> wanted)
    {
        JsonNode? seen = null;
        await Eventually.HoldsAsync(async () => await JobAsync(job) is { } now && wanted(seen = now), () => $"Job {job} is {seen?.ToJsonString()}\n{Logs()}", seconds: 120);
        return seen!;
    }

    internal async Task<JsonNode> CompletedAsync(string job)
    {
        var end = await UntilAsync(job, now => Final.Contains((string?)now["status"]));
        if ((string?)end["status"] != "completed")
        {
            Assert.Fail($"{end.ToJsonString()}\n{Logs()}");
        }

        return end;
    }

    internal static int SegmentsDone(JsonNode job) => job["segments"]!.AsArray().Count(segment => (string?)segment!["status"] is "done" or "reused");

    /// <summary>What the job's journal tells, oldest first.</summary>
    internal async Task<JsonNode[]> JournalAsync(string job)
    {
        var lines = await ComposeAsync("exec", "-T", "redis", "redis-cli", "--raw", "lrange", $"makevideo/events/{job}", "0", "-1");
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }

    /// <summary>The container of the silo that works on the job; a silo is called after its host, and the host after its container.</summary>
    internal async Task<string> OwnerAsync(string job) =>
        ((string)(await JournalAsync(job)).Last(entry => (string?)entry["kind"] is "taken_up" or "recovered")["silo"]!).Split('-')[0];

    /// <summary>Names of the files that were published for a job.</summary>
    internal async Task<string[]> PublishedAsync(string job) =>
        (await ComposeAsync("exec", "-T", "gateway", "ls", $"/data/videos/{job}")).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    internal Task ClearCacheAsync() => ComposeAsync("exec", "-T", "gateway", "sh", "-c", "rm -rf /data/segments/*");

    /// <summary>Ids of a service's containers.</summary>
    internal async Task<string[]> ContainersAsync(string service) => (await ComposeAsync("ps", "-q", service)).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    internal static async Task<JsonNode> InspectAsync(string container) => JsonNode.Parse(await Docker.RunAsync("inspect", container))![0]!;

    internal string Logs() => ComposeAsync("logs", "--no-color", "--tail", "60").GetAwaiter().GetResult();

    private void Shut()
    {
        File.Delete(Path.Combine(Gate, "open"));
        if (Directory.Exists(Path.Combine(Gate, "pass")))
        {
            Directory.Delete(Path.Combine(Gate, "pass"));
        }
    }

    private async Task ReadyAsync(int silos) => await Eventually.HoldsAsync(
        async () => (await Task.WhenAll((await ContainersAsync("silo")).Select(InspectAsync))).Count(IsHealthy) == silos && await IsHealthyAsync(),
        () => $"The cluster is not ready.\n{Logs()}", seconds: 180);

    private static bool IsHealthy(JsonNode container) => (string?)container["State"]!["Health"]!["Status"] == "healthy";

    private async Task<bool> IsHealthyAsync()
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri("/health", UriKind.Relative), Cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !Cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<JsonNode?> JobAsync(string job)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri($"/jobs/{job}", UriKind.Relative), Cancellation);
            return answer.IsSuccessStatusCode ? JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation)) : null;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !Cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    private Task<string> ComposeAsync(params string[] arguments) => Docker.RunAsync(
        _compose[0],
        [.. _compose[1..], "--project-name", _project, "--file", Path.Combine(Checkout(), "docker-compose.yml"), "--file", Path.Combine(Gate, "silo.yml"), .. arguments],
        new Dictionary<string, string>
        {
            ["MAKEVIDEO_IMAGE"] = Image, ["MAKEVIDEO_LIBRARY"] = _place.Library, ["MAKEVIDEO_PUBLISH"] = "127.0.0.1:0",
            ["COMPOSE_PROGRESS"] = "quiet",
        });

    /// <summary>An ffmpeg that waits with segments while the gate is shut; a pass is a folder, for only one process can remove it.</summary>
    private void MakeGate()
    {
        Directory.CreateDirectory(Gate);
        File.SetUnixFileMode(Gate, Everybody | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite);
        var script = Path.Combine(Gate, "ffmpeg");
        File.WriteAllText(script, """
            #!/bin/sh
            case "$*" in
            *segment.mp4) until rmdir /gate/pass 2> /dev/null || [ -e /gate/open ]; do sleep 0.05; done ;;
            esac
            exec /usr/bin/ffmpeg "$@"
            """);
        File.SetUnixFileMode(script, Everybody);
        File.WriteAllText(Path.Combine(Gate, "silo.yml"), $$"""
            services:
              silo:
                environment: {PATH: "/gate:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
                volumes: ["{{Gate}}:/gate"]
            """);
    }

    private static string Checkout()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "docker-compose.yml")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException($"There is no docker-compose.yml above {AppContext.BaseDirectory}.");
        }

        return folder.FullName;
    }
}
