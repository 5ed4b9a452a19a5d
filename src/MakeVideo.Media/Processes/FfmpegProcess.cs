using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace MakeVideo.Media.Processes;

/// <summary>
/// The one place that starts children. Each runs in a session of its own at nice 10, dies with this process, has a deadline and a stall
/// watchdog, and is ended as a group: TERM, then KILL. What outlives this process all the same is ended by <see cref="ChildSweep"/>.
/// </summary>
internal sealed partial class FfmpegProcess(TimeProvider clock, FfmpegMeter meter, ILogger<FfmpegProcess> logger) : IProcessRunner
{
    private static readonly TimeSpan CheckEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// In order: a session of its own (so that the whole group can be signalled), death with the parent, first in line when the kernel is short
    /// of memory (a render is repeated, a silo is missed), nice 10 (a busy silo must still answer probes), and limits: 6 GB of address space
    /// (x264 slow at 1080x1920 with ten inputs takes under 3), 8 GB a file, no core dumps. All of it costs 4 ms a start.
    /// </summary>
    private static readonly string[] Wrapper =
    [
        "setpriv", "--pdeathsig", "KILL", "--", "choom", "-n", "1000", "--", "nice", "-n", "10",
        "prlimit", "--as=6442450944", "--fsize=8589934592", "--nofile=256", "--core=0", "--",
    ];

    public async Task<ChildResult> RunAsync(ChildRun run, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Directory.CreateDirectory(run.Folder);
        using var child = new Process { StartInfo = StartInfo(run) };
        try
        {
            await SpawnThread.RunAsync(child.Start);
        }
        catch (Win32Exception)
        {
            return new(ChildOutcome.NotFound, 127, $"{Wrapper[0]} cannot be started");
        }

        child.StandardInput.Close();
        meter.Started();
        var started = clock.GetTimestamp();
        var errors = new ErrorTail();
        var heartbeat = new Heartbeat(clock);
        var output = DrainAsync(child.StandardOutput, line =>
        {
            heartbeat.Hear(line);
            run.Line?.Invoke(line);
        });
        var complaints = errors.DrainAsync(child.StandardError);
        var (end, peak) = await WatchAsync(run, child, heartbeat, cancellation);
        await Task.WhenAll(output, complaints);
        var result = Judge(end, child.ExitCode, errors.ToString());
        meter.Ended(run.Step, cancellation.IsCancellationRequested ? null : result.Outcome, clock.GetElapsedTime(started), peak);
        cancellation.ThrowIfCancellationRequested();
        if (result.Outcome is not ChildOutcome.Ok)
        {
            LogFailed(run.Step, result.Outcome, result.ExitCode, result.LastError);
        }

        return result;
    }

    private static ProcessStartInfo StartInfo(ChildRun run)
    {
        var info = new ProcessStartInfo("setsid")
        {
            WorkingDirectory = run.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in Wrapper.Append(run.Program).Concat(run.Arguments))
        {
            info.ArgumentList.Add(argument);
        }

        // Nothing of ours leaks into a decoder of strangers' files; HOME keeps fontconfig's cache out of everyone's.
        var path = Environment.GetEnvironmentVariable("PATH");
        info.Environment.Clear();
        info.Environment["PATH"] = path;
        info.Environment["HOME"] = run.Folder;
        info.Environment["LC_ALL"] = "C";
        info.Environment[ParentMark.Variable] = ParentMark.Own.ToString();
        return info;
    }

    /// <summary>Waits for the end; null when the child ended by itself. The peak is of its memory, in bytes.</summary>
    private async Task<(ChildOutcome? End, long? Peak)> WatchAsync(ChildRun run, Process child, Heartbeat heartbeat, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        var exit = child.WaitForExitAsync(CancellationToken.None);
        ChildOutcome? end = null;
        long? peak = null;
        while (end is null && !exit.IsCompleted && !cancellation.IsCancellationRequested)
        {
            var tick = Task.Delay(CheckEvery, clock, cancellation);
            await Task.WhenAny(exit, tick);
            peak = ProcessStat.PeakMemory(child.Id) ?? peak;
            end = clock.GetElapsedTime(started) > run.Deadline ? ChildOutcome.TimedOut
                : run.Stall is { } stall && heartbeat.Silence > stall ? ChildOutcome.Stalled
                : null;
        }

        if (!exit.IsCompleted)
        {
            Signals.Send(child.Id, Signals.Terminate);
            if (await Task.WhenAny(exit, Task.Delay(run.Grace, clock, CancellationToken.None)) != exit)
            {
                Signals.Send(child.Id, Signals.Kill);
            }
        }

        await exit;

        // Grandchildren, if a wrapper ever left one.
        Signals.Send(child.Id, Signals.Kill);
        return (end, peak);
    }

    private static ChildResult Judge(ChildOutcome? end, int exitCode, string errors) => new(
        end ?? exitCode switch
        {
            0 => ChildOutcome.Ok,
            127 => ChildOutcome.NotFound,
            128 + Signals.Kill => ChildOutcome.OutOfMemory,
            _ => NoMemory().IsMatch(errors) ? ChildOutcome.OutOfMemory : ChildOutcome.Error,
        },
        exitCode, errors);

    private static async Task DrainAsync(StreamReader reader, Action<string> line)
    {
        while (await reader.ReadLineAsync() is { } text)
        {
            line(text);
        }
    }

    // In the C library's words, and in x264's.
    [GeneratedRegex("Cannot allocate memory|malloc of size [0-9]+ failed")]
    private static partial Regex NoMemory();

    [LoggerMessage(LogLevel.Debug, "Child for {Step} ended {Outcome} ({ExitCode}): {Error}")]
    private partial void LogFailed(string step, ChildOutcome outcome, int exitCode, string error);

    /// <summary>When the child last said something new. ffmpeg repeats its progress block even when stuck, so only changed counters count.</summary>
    private sealed class Heartbeat(TimeProvider clock)
    {
        private long _heard = clock.GetTimestamp();
        private string _frame = "";
        private string _time = "";

        public TimeSpan Silence => clock.GetElapsedTime(Interlocked.Read(ref _heard));

        public void Hear(string line)
        {
            if (line.StartsWith("frame=", StringComparison.Ordinal) ? Changed(ref _frame, line)
                : line.StartsWith("out_time_us=", StringComparison.Ordinal) && Changed(ref _time, line))
            {
                Interlocked.Exchange(ref _heard, clock.GetTimestamp());
            }
        }

        private static bool Changed(ref string last, string line)
        {
            var changed = last != line;
            last = line;
            return changed;
        }
    }
}
