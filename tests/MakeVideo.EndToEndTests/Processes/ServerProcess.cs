using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MakeVideo.EndToEndTests.Processes;

/// <summary><c>makevideo all</c> as a real process on a port of its own choice, talked to by the real curl.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private readonly MakeVideoProcess _process;

    private ServerProcess(MakeVideoProcess process, string address) => (_process, Address) = (process, address);

    /// <summary><c>http://127.0.0.1:PORT</c>.</summary>
    public string Address { get; }

    public string Log => _process.Output + _process.Errors;

    public int Id => _process.Id;

    /// <summary>Returns when it is healthy; <paramref name="toolsFirst"/> goes to the front of PATH.</summary>
    public static async Task<ServerProcess> StartAsync(string data, string library, string? toolsFirst = null, IReadOnlyDictionary<string, string>? environment = null, params string[] more)
    {
        var process = MakeVideoProcess.Start(Path.GetTempPath(), ["all", "--data", data, "--library", library, "--urls", "http://127.0.0.1:0", .. more], toolsFirst, environment);
        try
        {
            await Eventually.HoldsAsync(() => process.HasExited || Listening().IsMatch(process.Output), () => $"It does not listen.\n{process.Output}{process.Errors}");
            var server = new ServerProcess(process, Listening().Match(process.Output).Groups[1].Value);
            await Eventually.HoldsAsync(async () => (await server.CurlAsync("/health")).Status == 200, () => $"It is not healthy.\n{server.Log}");
            return server;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs <c>curl OPTIONS ADDRESS/path</c> as a user would.</summary>
    public Task<Curled> CurlAsync(string path, params string[] options) => new Curl(Address).RunAsync(path, options);

    /// <summary>Polls a job, as clients do, until it has one of these states.</summary>
    public async Task<JsonNode> UntilAsync(string id, params string[] states)
    {
        JsonNode? job = null;
        await Eventually.HoldsAsync(
            async () => (job = (await CurlAsync($"/jobs/{id}")).Json) is not null && states.Contains((string?)job["status"]),
            () => $"Job {id} is {job}\n{Log}", seconds: 120);
        return job!;
    }

    /// <summary>SIGKILL.</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary>SIGTERM, and the exit code.</summary>
    public Task<int> StopAsync()
    {
        _process.Signal("TERM");
        return _process.EndAsync();
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    [GeneratedRegex(@"Now listening on: (http://127\.0\.0\.1:\d+)")]
    private static partial Regex Listening();
}
