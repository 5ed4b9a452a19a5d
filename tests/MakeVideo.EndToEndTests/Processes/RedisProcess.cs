using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MakeVideo.Grains.Cluster;

namespace MakeVideo.EndToEndTests.Processes;

/// <summary>A redis-server of the test's own, as a cluster would run it: append-only file on, nothing ever evicted.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private readonly string _folder;
    private readonly string _host;
    private readonly string[] _options;
    private Process? _process;

    private RedisProcess(string folder, string host, string[] options) =>
        (_folder, _host, Port, _options) = (Directory.CreateDirectory(folder).FullName, host, FreePort.Next(), options);

    public int Port { get; }

    /// <summary>As silos and gateways are told it.</summary>
    public string Connection => $"{_host}:{Port}";

    /// <summary>Starts one that keeps its files in <paramref name="folder"/>; <paramref name="options"/> come after ours and win.</summary>
    public static async Task<RedisProcess> StartAsync(string folder, string host = "127.0.0.1", params string[] options)
    {
        var redis = new RedisProcess(folder, host, options);
        try
        {
            await redis.StartAgainAsync();
            return redis;
        }
        catch
        {
            await redis.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it on the files and the port that it had.</summary>
    public async Task StartAgainAsync()
    {
        string[] arguments =
        [
            "--bind", _host, "--port", Port.ToString(CultureInfo.InvariantCulture), "--dir", _folder, "--appendonly", "yes", "--appendfsync", "everysec",
            "--save", "", "--maxmemory-policy", "noeviction", "--logfile", Path.Combine(_folder, "redis.log"), "--protected-mode", "no", .. _options,
        ];
        _process = Process.Start(new ProcessStartInfo("redis-server", arguments) { WorkingDirectory = _folder })!;
        await Eventually.HoldsAsync(
            async () => _process.HasExited ? throw new InvalidOperationException(File.ReadAllText(Path.Combine(_folder, "redis.log"))) : await CommandAsync("ping") == "PONG",
            () => "redis-server does not answer.", seconds: 30);
    }

    /// <summary>SIGTERM: it flushes its file and goes.</summary>
    public Task StopAsync() => EndAsync("TERM");

    /// <summary>SIGKILL.</summary>
    public Task KillAsync() => EndAsync("KILL");

    /// <summary>SIGSTOP: its connections stay open and nobody answers.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>SIGCONT.</summary>
    public Task ThawAsync() => SignalAsync("CONT");

    /// <summary>Drops the files of a server that was stopped: the next start is empty.</summary>
    public void Wipe()
    {
        foreach (var entry in Directory.GetDirectories(_folder))
        {
            Directory.Delete(entry, recursive: true);
        }
    }

    /// <summary>Runs <c>redis-cli COMMAND</c>; its answer, without the last line end. Errors are answers too.</summary>
    public async Task<string> CommandAsync(params string[] command)
    {
        string[] within = ["10", "redis-cli", "-h", _host, "-p", Port.ToString(CultureInfo.InvariantCulture), "--raw"];
        using var client = Process.Start(new ProcessStartInfo("timeout", [.. within, .. command]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = client.StandardError.ReadToEndAsync();
        var answer = await client.StandardOutput.ReadToEndAsync();
        await client.WaitForExitAsync();
        return (answer + await errors).TrimEnd('\n');
    }

    /// <summary>The key of one state of one grain.</summary>
    public static string StateKey(string grain, string id, string state) => $"makevideo/state/{grain}/{id}/{state}";

    /// <summary>A state as it is stored, JSON.</summary>
    public async Task<JsonDocument> StateAsync(string grain, string id, string state) => JsonDocument.Parse(await CommandAsync("hget", StateKey(grain, id, state), "data"));

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync();
        }

        _process?.Dispose();
    }

    private Task SignalAsync(string signal)
    {
        Signals.Send(_process!.Id, signal);
        return Task.CompletedTask;
    }

    private async Task EndAsync(string signal)
    {
        await SignalAsync(signal);
        await _process!.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }
}

/// <summary>Signals by name, through kill(1).</summary>
internal static class Signals
{
    public static void Send(int pid, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", pid.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
