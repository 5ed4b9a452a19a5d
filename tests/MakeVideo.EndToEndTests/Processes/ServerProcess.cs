using System.Diagnostics;
using System.Text;
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

    /// <summary>Returns when it is healthy; <paramref name="toolsFirst"/> goes to the front of PATH.</summary>
    public static async Task<ServerProcess> StartAsync(string data, string library, string? toolsFirst = null)
    {
        var process = MakeVideoProcess.Start(Path.GetTempPath(), ["all", "--data", data, "--library", library, "--urls", "http://127.0.0.1:0"], toolsFirst);
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
    public async Task<Curled> CurlAsync(string path, params string[] options)
    {
        var start = new ProcessStartInfo("curl", ["--silent", "--show-error", "--max-time", "60", "--include", "--write-out", "%{stderr}%{http_code}", .. options, Address + path])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var curl = Process.Start(start)!;
        using var answer = new MemoryStream();
        var errors = curl.StandardError.ReadToEndAsync();
        await curl.StandardOutput.BaseStream.CopyToAsync(answer);
        await curl.WaitForExitAsync();
        return Curled.Parse(answer.ToArray(), await errors);
    }

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

/// <summary>What curl got.</summary>
/// <param name="Status">HTTP status; 0 without an answer.</param>
/// <param name="Headers">The last answer's, lower-case names.</param>
/// <param name="Body">As sent.</param>
internal sealed record Curled(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public JsonNode? Json => Body is [(byte)'{' or (byte)'[', ..] ? JsonNode.Parse(Body) : null;

    public string? Code => (string?)Json?["code"];

    public static Curled Parse(byte[] answer, string errors)
    {
        // An interim answer (100 Continue) comes before the one that counts.
        var headers = new Dictionary<string, string>();
        ReadOnlySpan<byte> rest = answer;
        while (rest.StartsWith("HTTP/"u8) && rest.IndexOf("\r\n\r\n"u8) is >= 0 and var end)
        {
            headers = Encoding.ASCII.GetString(rest[..end]).Split("\r\n").Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0].ToLowerInvariant(), pair => pair[1]);
            rest = rest[(end + 4)..];
        }

        var digits = errors.TrimEnd()[^Math.Min(3, errors.TrimEnd().Length)..];
        return new(int.TryParse(digits, out var status) ? status : 0, headers, rest.ToArray());
    }
}
