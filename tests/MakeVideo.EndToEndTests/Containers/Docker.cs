using System.Diagnostics;
using System.Text;

namespace MakeVideo.EndToEndTests.Containers;

/// <summary>The engine that this machine has, by its command lines.</summary>
internal static class Docker
{
    /// <summary>Address of an engine; without it the one that docker finds by itself.</summary>
    private const string Setting = "MAKEVIDEO_DOCKER";

    /// <summary>An image is built from nothing in about three minutes on two busy cores.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(15);

    /// <summary>Why there is no engine to work with; null when there is one.</summary>
    public static async Task<string?> MissingAsync()
    {
        try
        {
            var info = await TryAsync("docker", ["info"]);
            return info.ExitCode != 0 ? $"No Docker engine answers; start one, or name it by DOCKER_HOST or {Setting}."
                : await ComposeAsync() is null ? "Neither docker-compose nor docker compose is installed."
                : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "docker is not installed.";
        }
    }

    /// <summary>The compose command: Debian's <c>docker-compose</c>, or the plugin.</summary>
    public static async Task<string[]?> ComposeAsync()
    {
        foreach (string[] command in new string[][] { ["docker-compose"], ["docker", "compose"] })
        {
            try
            {
                if ((await TryAsync(command[0], [.. command[1..], "version"])).ExitCode == 0)
                {
                    return command;
                }
            }
            catch (System.ComponentModel.Win32Exception)
            {
                // The other one, then.
            }
        }

        return null;
    }

    /// <summary>What <c>docker ARGUMENTS</c> prints.</summary>
    public static Task<string> RunAsync(params string[] arguments) => RunAsync("docker", arguments);

    /// <summary>What the command prints; a test fails when the command does.</summary>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var (exitCode, output, errors) = await TryAsync(program, arguments, environment);
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)}: {exitCode}\n{output}\n{errors}");
        return output.Trim();
    }

    private static async Task<(int ExitCode, string Output, string Errors)> TryAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Environment.GetEnvironmentVariable(Setting) is { Length: > 0 } engine)
        {
            start.Environment["DOCKER_HOST"] = engine;
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = new StringBuilder();
        var errors = new StringBuilder();
        process.OutputDataReceived += (_, line) => output.AppendLine(line.Data);
        process.ErrorDataReceived += (_, line) => errors.AppendLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end in {Deadline}.\n{errors}");
        }

        return (process.ExitCode, output.ToString(), errors.ToString());
    }
}
