using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MakeVideo.EndToEndTests.Processes;

/// <summary>How a process of the cluster is started where it is not as usual.</summary>
internal sealed record RoleStart
{
    /// <summary>More of its command line.</summary>
    public string[] Arguments { get; init; } = [];

    /// <summary>More of its environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>What starts it and becomes it: <c>prlimit --nofile=99</c>, <c>ip netns exec NAME</c>.</summary>
    public string[] Launcher { get; init; } = [];

    /// <summary>The host that its HTTP listens on.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The store as this process sees it; null: as it is.</summary>
    public string? Redis { get; init; }

    /// <summary>A process that ends itself when it reaches a failpoint: <c>video-published:1</c>.</summary>
    public static RoleStart FailingAt(string point) => new()
    {
        Environment = new Dictionary<string, string> { ["MAKEVIDEO_FAILPOINT"] = point, ["MAKEVIDEO_TESTING"] = "1" },
    };
}

/// <summary>A silo or a gateway as a process, with its HTTP.</summary>
internal sealed partial class RoleProcess : IAsyncDisposable
{
    private readonly MakeVideoProcess _process;

    private RoleProcess(string name, MakeVideoProcess process) => (Name, _process) = (name, process);

    public string Name { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>What it said, without what the framework warns of while it looks for the dead.</summary>
    public string Log => $"--- {Name}{(HasExited ? $", ended with {ExitCode}" : "")}\n" + string.Join('\n', (_process.Output + _process.Errors)
        .Split('\n').Where(line => !line.Contains(" warn: Orleans.", StringComparison.Ordinal)).Select(line => line.Length > 400 ? line[..400] : line));

    /// <summary>Its HTTP: the admin port of a silo, the API of a gateway. Known once it listens.</summary>
    public Curl Http { get; private set; } = new("http://127.0.0.1:9");

    /// <summary>Starts it and does not wait.</summary>
    public static RoleProcess Start(string name, string folder, string[] arguments, string? toolsFirst, RoleStart start) =>
        new(name, MakeVideoProcess.Start(folder, [.. arguments, .. start.Arguments], toolsFirst, start.Environment, start.Launcher));

    /// <summary>Returns when it listens, or fails when it ends instead.</summary>
    public async Task ListensAsync(string host)
    {
        await Eventually.HoldsAsync(() => HasExited || Listening().IsMatch(_process.Output), () => $"It does not listen.\n{Log}", seconds: 90);
        Assert.False(HasExited, Log);
        Http = new($"http://{host}:{Listening().Match(_process.Output).Groups[1].Value}");
    }

    /// <summary>What its readiness check says.</summary>
    public async Task<(int Status, JsonNode? Body)> ReadyAsync()
    {
        var answer = await Http.RunAsync("/health/ready", "--max-time", "5");
        return (answer.Status, answer.Json);
    }

    /// <summary>SIGKILL.</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary>SIGTERM, and the exit code.</summary>
    public Task<int> StopAsync()
    {
        _process.Signal("TERM");
        return _process.EndAsync();
    }

    /// <summary>The exit code of an end that comes by itself.</summary>
    public Task<int> EndAsync() => _process.EndAsync();

    public void Signal(string signal) => _process.Signal(signal);

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    [GeneratedRegex(@"Now listening on: http://[^:]+:(\d+)")]
    private static partial Regex Listening();
}
