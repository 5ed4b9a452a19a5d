using MakeVideo.Media.Processes;
using MakeVideo.Sources.YtDlp;

namespace MakeVideo.Hosting;

/// <summary>Runs the programs of footage sources as ffmpeg is run: in a session of their own, with limits, ended as a group.</summary>
internal sealed class ToolProcess(IProcessRunner runner) : IToolProcess
{
    public async Task<ToolResult> RunAsync(ToolRun run, CancellationToken cancellation)
    {
        var result = await runner.RunAsync(
            new() { Program = run.Program, Arguments = run.Arguments, Folder = run.Folder, Step = "footage", Deadline = run.Deadline, Line = run.Line }, cancellation);
        return new(
            result.Outcome switch
            {
                ChildOutcome.Ok => ToolEnd.Ok,
                ChildOutcome.TimedOut or ChildOutcome.Stalled => ToolEnd.TimedOut,
                ChildOutcome.NotFound => ToolEnd.NotFound,
                _ => ToolEnd.Error,
            },
            result.Errors);
    }
}
