using System.Diagnostics;
using System.Text;

namespace MakeVideo.EndToEndTests.Processes;

/// <summary>The built executable as a real process, its output kept, ended by its id.</summary>
internal sealed class MakeVideoProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private MakeVideoProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    public bool HasExited => _process.HasExited;

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Starts it in <paramref name="folder"/>; <paramref name="toolsFirst"/> goes to the front of PATH.</summary>
    /// <param name="folder">Working folder.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="toolsFirst">A folder of programs that stand in for the real ones.</param>
    /// <param name="environment">More variables.</param>
    /// <param name="launcher">What it is started through and becomes by exec, so that the process id stays: <c>prlimit --nofile=99</c>.</param>
    public static MakeVideoProcess Start(
        string folder, IEnumerable<string> arguments, string? toolsFirst = null, IReadOnlyDictionary<string, string>? environment = null, params string[] launcher)
    {
        string[] command = [.. launcher, "dotnet", Path.Combine(AppContext.BaseDirectory, "makevideo.dll"), .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["MAKEVIDEO_MODELS"] = Models.Folder;
        if (toolsFirst is not null)
        {
            start.Environment["PATH"] = $"{toolsFirst}:{Environment.GetEnvironmentVariable("PATH")}";
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new(Process.Start(start)!);
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<MakeVideoProcess> RunAsync(string folder, IEnumerable<string> arguments, string? toolsFirst = null)
    {
        var process = Start(folder, arguments, toolsFirst);
        await process.EndAsync();
        return process;
    }

    public int ExitCode => _process.ExitCode;

    public async Task<int> EndAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"It did not end in {Deadline}.\n{Output}\n{Errors}");
        }

        return _process.ExitCode;
    }

    /// <summary>SIGKILL: nothing of it runs afterwards.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await EndAsync();
    }

    /// <summary>A signal by its name: INT, TERM, STOP, CONT.</summary>
    public void Signal(string signal) => Signals.Send(_process.Id, signal);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // A stopped process dies of KILL all the same.
            await KillAsync();
        }

        _process.Dispose();
    }

    private static void Keep(StringBuilder text, string? line)
    {
        if (line is not null)
        {
            lock (text)
            {
                text.AppendLine(line);
            }
        }
    }
}

/// <summary>Where the speech models are, as the set-up script tells.</summary>
internal static class Models
{
    public static string Folder { get; } = Environment.GetEnvironmentVariable("MAKEVIDEO_MODELS") is { Length: > 0 } folder ? folder : Path.GetFullPath("models");
}

/// <summary>Waits for a condition, with a deadline instead of a guess.</summary>
internal static class Eventually
{
    public static async Task HoldsAsync(Func<Task<bool>> condition, Func<string> otherwise, double seconds = 60)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started).TotalSeconds > seconds)
            {
                Assert.Fail(otherwise());
            }

            await Task.Delay(20);
        }
    }

    public static Task HoldsAsync(Func<bool> condition, Func<string> otherwise, double seconds = 60) => HoldsAsync(() => Task.FromResult(condition()), otherwise, seconds);
}
