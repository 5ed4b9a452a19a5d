using System.Collections.Immutable;

namespace MakeVideo.Sources.YtDlp;

/// <summary>One run of a program that fetches footage.</summary>
/// <param name="Program">Name or path.</param>
/// <param name="Arguments">Passed one by one; no shell sees them.</param>
/// <param name="Folder">Working folder; the only place where it writes.</param>
/// <param name="Deadline">Wall time after which it is killed, with all that it started.</param>
/// <param name="Line">Each line of standard output, as it comes.</param>
internal sealed record ToolRun(string Program, ImmutableArray<string> Arguments, string Folder, TimeSpan Deadline, Action<string>? Line);

/// <summary>How a program ended.</summary>
internal enum ToolEnd
{
    Ok,
    Error,
    TimedOut,
    NotFound,
}

/// <summary>What a program left.</summary>
/// <param name="End">How it ended.</param>
/// <param name="Errors">The end of its standard error.</param>
internal sealed record ToolResult(ToolEnd End, string Errors);

/// <summary>Starts programs. Sources start no children themselves: the executable gives them what ffmpeg runs under.</summary>
internal interface IToolProcess
{
    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; it and its children are gone.</exception>
    Task<ToolResult> RunAsync(ToolRun run, CancellationToken cancellation);
}
