using System.Globalization;

namespace MakeVideo.EndToEndTests.Processes;

/// <summary>What a run of ffmpeg or ffprobe is for.</summary>
internal static class Step
{
    /// <summary>Whether an upload is silent, while its sender waits.</summary>
    public const string Hear = "hear";

    public const string Decode = "decode";

    /// <summary>A clip's streams, before it is taken into the cache.</summary>
    public const string Probe = "probe";

    public const string Segment = "segment";

    public const string Join = "join";

    /// <summary>Half a second of black, which tells a bad clip from a bad ffmpeg.</summary>
    public const string Control = "control";
}

/// <summary>One run that was started.</summary>
/// <param name="Step">What for.</param>
/// <param name="Parent">Process id of the silo.</param>
/// <param name="Id">Its own.</param>
internal sealed record ToolRun(string Step, int Parent, int Id)
{
    /// <summary>Whether it still runs; a zombie does not.</summary>
    public bool Alive => File.Exists($"/proc/{Id}/cmdline") && ReadCommand().Length > 0;

    private string ReadCommand()
    {
        try
        {
            return File.ReadAllText($"/proc/{Id}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }
}

/// <summary>
/// An ffmpeg and an ffprobe, first in PATH, that note each run and stop at a gate where one is closed: work can be met, and killed, at a known
/// place. Behind the gate they become the real ones.
/// </summary>
internal sealed class StepFfmpeg
{
    private readonly string _runs;
    private readonly string _gates;

    public StepFfmpeg(string folder)
    {
        Folder = Directory.CreateDirectory(folder).FullName;
        _runs = Path.Combine(Folder, "runs");
        _gates = Directory.CreateDirectory(Path.Combine(Folder, "gates")).FullName;
        foreach (var tool in new[] { "ffmpeg", "ffprobe" })
        {
            var real = Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(part => Path.Combine(part, tool)).First(File.Exists);
            var script = Path.Combine(Folder, tool);
            File.WriteAllText(script, $$"""
                #!/bin/sh
                case "$*" in
                *volumedetect*) step={{Step.Hear}} ;;
                *ebur128=*) step={{Step.Decode}} ;;
                *show_streams*.part) step={{Step.Probe}} ;;
                *segment.mp4) step={{Step.Segment}} ;;
                *compose/video.mp4) step={{Step.Join}} ;;
                *black.mp4) step={{Step.Control}} ;;
                *) exec {{real}} "$@" ;;
                esac
                case "{{tool}} $step" in "ffprobe {{Step.Join}}") exec {{real}} "$@" ;; esac
                echo "$step $PPID $$" >> {{_runs}}
                case "$step $(cat {{_gates}}/crash 2> /dev/null || echo nothing crashes)" in
                "{{Step.Segment}} everything" | "{{Step.Control}} everything") kill -SEGV $$ ;;
                {{Step.Segment}}*) case "$*" in *"$(cat {{_gates}}/crash 2> /dev/null || echo nothing crashes)"*) kill -SEGV $$ ;; esac ;;
                esac
                if rmdir {{_gates}}/$step.glutton 2> /dev/null; then exec tail /dev/zero; fi
                if [ -e {{_gates}}/$step ]; then
                    for pass in {{_gates}}/$step.pass*; do
                        # A pass is a folder: removing one succeeds for one process only.
                        if rmdir "$pass" 2> /dev/null; then exec {{real}} "$@"; fi
                    done
                    while [ -e {{_gates}}/$step ]; do sleep 0.05; done
                fi
                exec {{real}} "$@"
                """);
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Goes to the front of PATH.</summary>
    public string Folder { get; }

    /// <summary>All runs so far, in order.</summary>
    public IReadOnlyList<ToolRun> Runs => File.Exists(_runs)
        ? [.. File.ReadAllLines(_runs).Select(line => line.Split(' ')).Where(parts => parts.Length == 3).Select(parts => new ToolRun(parts[0], Number(parts[1]), Number(parts[2])))]
        : [];

    /// <summary>Runs of one step so far.</summary>
    public IReadOnlyList<ToolRun> RunsOf(string step) => [.. Runs.Where(run => run.Step == step)];

    /// <summary>Closes the gate of a step after so many more runs.</summary>
    public void Close(string step, int after = 0)
    {
        for (var pass = 0; pass < after; pass++)
        {
            Directory.CreateDirectory(Path.Combine(_gates, FormattableString.Invariant($"{step}.pass{pass}")));
        }

        File.WriteAllText(Path.Combine(_gates, step), "");
    }

    /// <summary>Has each render crash that reads a file with this in its path; <c>everything</c>: each render whatever it reads.</summary>
    public void Crash(string path) => File.WriteAllText(Path.Combine(_gates, "crash"), path);

    /// <summary>Has the next run of a step take memory without end: tail looks for a line, and there is none.</summary>
    public void Gorge(string step) => Directory.CreateDirectory(Path.Combine(_gates, $"{step}.glutton"));

    /// <summary>Opens every gate; who waits goes on.</summary>
    public void Open()
    {
        Directory.Delete(_gates, recursive: true);
        Directory.CreateDirectory(_gates);
    }

    /// <summary>Forgets the runs of before.</summary>
    public void Forget() => File.Delete(_runs);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
