using System.Collections.Immutable;

namespace MakeVideo.Media.Processes;

/// <summary>How a child process ended.</summary>
internal enum ChildOutcome
{
    /// <summary>Exit code 0.</summary>
    Ok,

    /// <summary>Another exit code, or a signal that is not ours.</summary>
    Error,

    /// <summary>No progress for longer than the run allows; killed.</summary>
    Stalled,

    /// <summary>Past its deadline; killed.</summary>
    TimedOut,

    /// <summary>Killed from outside: on Linux that is the kernel short of memory.</summary>
    OutOfMemory,

    /// <summary>There is no such program.</summary>
    NotFound,
}

/// <summary>One run of ffmpeg or ffprobe.</summary>
internal sealed record ChildRun
{
    /// <summary>Name or path of the program.</summary>
    public required string Program { get; init; }

    /// <summary>Passed one by one; no shell sees them.</summary>
    public required ImmutableArray<string> Arguments { get; init; }

    /// <summary>Working folder; the only place where the child writes.</summary>
    public required string Folder { get; init; }

    /// <summary>The step for logs and metrics: <c>segment</c>, <c>probe</c>.</summary>
    public required string Step { get; init; }

    /// <summary>Wall time after which the child is killed.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Time without progress after which the child is killed; null: it reports none.</summary>
    public TimeSpan? Stall { get; init; }

    /// <summary>Time between TERM and KILL. ffmpeg finishes its file on TERM; who has not by then never will.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Each line of standard output, as it comes.</summary>
    public Action<string>? Line { get; init; }
}

/// <summary>What a child left.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="ExitCode">As the shell has it: 128 + signal when killed.</param>
/// <param name="Errors">The end of its standard error.</param>
internal sealed record ChildResult(ChildOutcome Outcome, int ExitCode, string Errors)
{
    /// <summary>The last line that says what went wrong.</summary>
    public string LastError => Errors.Split('\n').Select(line => line.Trim()).LastOrDefault(line => line.Length > 0) ?? $"exit code {ExitCode}";

    /// <summary>The signal by which the program fell over its own fault or its input's; null when it ended otherwise.</summary>
    public int? CrashSignal => Outcome is ChildOutcome.Error && Signals.IsCrash(ExitCode - 128) ? ExitCode - 128 : null;

    /// <summary>The disk was full: ffmpeg says so in the C library's words.</summary>
    public bool DiskFull => Errors.Contains("No space left on device", StringComparison.Ordinal);
}

/// <summary>Starts children; a fake stands here where no ffmpeg is.</summary>
internal interface IProcessRunner
{
    /// <summary>Runs one child to its end.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; the child and its group are gone.</exception>
    Task<ChildResult> RunAsync(ChildRun run, CancellationToken cancellation);
}
