using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using MakeVideo.Media.Processes;

namespace MakeVideo.EndToEndTests.Media;

/// <summary>Real children that end by themselves: what they were given, and what is made of their end.</summary>
public sealed class FfmpegProcessTests(MediaFixture media)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Progress_is_heard_line_by_line_up_to_the_last_frame()
    {
        var lines = new ConcurrentQueue<string>();

        var result = await media.Runner.RunAsync(
            new()
            {
                Program = "ffmpeg",
                Arguments = [.. InputGuards.Ffmpeg, "-f", "lavfi", "-i", "testsrc2=size=320x240:rate=30:duration=2", "-f", "null", "-"],
                Folder = media.Fresh(),
                Step = "test",
                Stall = TimeSpan.FromSeconds(30),
                Line = lines.Enqueue,
            },
            Cancellation);

        Assert.Equal(ChildOutcome.Ok, result.Outcome);
        Assert.Equal("frame=60", lines.Last(line => line.StartsWith("frame=", StringComparison.Ordinal)));
        Assert.Equal("progress=end", lines.Last());
    }

    [Fact]
    public async Task A_child_sees_nothing_of_our_environment()
    {
        Environment.SetEnvironmentVariable("MAKEVIDEO_TEST_SECRET", "secret");
        var folder = media.Fresh();

        var seen = await LinesAsync(new() { Program = "env", Arguments = [], Folder = folder, Step = "test" });

        var variables = seen.Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        Assert.Equal(["HOME", "LC_ALL", "MAKEVIDEO_PARENT", "PATH"], variables.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((folder, "C", Environment.GetEnvironmentVariable("PATH"), ParentMark.Own.ToString()), (variables["HOME"], variables["LC_ALL"], variables["PATH"], variables["MAKEVIDEO_PARENT"]));
    }

    [Fact]
    public async Task A_child_runs_under_its_limits_in_a_session_of_its_own_at_nice_10()
    {
        // ulimit speaks in KB of memory, in blocks of 512 bytes of file and of core.
        var script = new Script(media.Fresh(), $"""
            ulimit -v; ulimit -f; ulimit -n; ulimit -c
            nice; ps -o ni= -p {Environment.ProcessId}
            pwd
            ps -o sid= -p $$; echo $$
            """);

        var seen = await LinesAsync(script.Run);

        Assert.Equal(["6291456", "16777216", "256", "0"], seen[..4]);
        Assert.Equal(Math.Min(19, Number(seen[5]) + 10), Number(seen[4]));
        Assert.Equal(script.Folder, seen[6]);
        Assert.Equal(Number(seen[8]), Number(seen[7]));
    }

    [Fact]
    public async Task The_kernel_would_end_a_child_before_us()
    {
        var script = new Script(media.Fresh(), "cat /proc/$$/oom_score_adj /proc/$$/oom_score");

        var seen = await LinesAsync(script.Run);

        Assert.Equal("1000", seen[0]);
        Assert.True(Number(seen[1]) > Number(await File.ReadAllTextAsync("/proc/self/oom_score", Cancellation)));
    }

    [Theory]
    [InlineData("exit 3", nameof(ChildOutcome.Error), 3, null)]
    [InlineData("kill -SEGV $$", nameof(ChildOutcome.Error), 139, 11)]
    [InlineData("kill -ABRT $$", nameof(ChildOutcome.Error), 134, 6)]
    [InlineData("kill -TERM $$", nameof(ChildOutcome.Error), 143, null)]
    [InlineData("exit 0", nameof(ChildOutcome.Ok), 0, null)]
    public async Task An_end_is_told_by_its_exit_code(string end, string outcome, int exitCode, int? crash)
    {
        var result = await media.Runner.RunAsync(new Script(media.Fresh(), $"echo last words >&2; {end}").Run, Cancellation);

        Assert.Equal((outcome, exitCode, crash, "last words"), (result.Outcome.ToString(), result.ExitCode, result.CrashSignal, result.LastError));
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_not_found()
    {
        var folder = media.Fresh();

        var result = await media.Runner.RunAsync(new() { Program = Path.Combine(folder, "ffmpeg"), Arguments = [], Folder = folder, Step = "test" }, Cancellation);

        Assert.Equal(ChildOutcome.NotFound, result.Outcome);
    }

    [Fact]
    public async Task A_kill_from_outside_is_taken_for_the_kernel_short_of_memory()
    {
        var script = new Script(media.Fresh(), "echo $$ > child; exec sleep 1000");
        var run = media.Runner.RunAsync(script.Run, Cancellation);

        Signals.SendToOne(await script.PidAsync("child"), Signals.Kill);

        Assert.Equal(ChildOutcome.OutOfMemory, (await run).Outcome);
    }

    [Fact]
    public async Task An_ffmpeg_that_wants_more_memory_than_it_may_have_is_out_of_memory()
    {
        // The wrapper allows 6 GB; to take that much for real would be hard on the machine, so this one may have a tenth.
        var script = new Script(media.Fresh(), "ulimit -v 600000; exec ffmpeg \"$@\"");

        var result = await media.Runner.RunAsync(
            script.Run with
            {
                Arguments =
                [
                    .. script.Run.Arguments, .. InputGuards.Ffmpeg, "-f", "lavfi", "-i", "testsrc2=size=3840x2160:rate=30", "-frames:v", "90",
                    "-c:v", "libx264", "-preset", "slow", "-threads", "2", "-f", "null", "-",
                ],
            },
            Cancellation);

        Assert.True(result.Outcome is ChildOutcome.OutOfMemory, $"{result.Outcome}: {result.Errors}");
    }

    [Fact]
    public async Task A_gigabyte_of_complaints_neither_blocks_the_child_nor_fills_our_memory()
    {
        using var own = Process.GetCurrentProcess();
        var before = own.PeakWorkingSet64;

        var result = await media.Runner.RunAsync(
            new Script(media.Fresh(), "head -c 1073741824 /dev/zero | tr '\\0' 'e' >&2; echo >&2; echo the end >&2; exit 1").Run, Cancellation);

        own.Refresh();
        Assert.Equal((ChildOutcome.Error, "the end"), (result.Outcome, result.LastError));
        Assert.InRange(result.Errors.Length, 1, 16 * 1024);
        Assert.InRange(own.PeakWorkingSet64 - before, 0, 400L << 20);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private async Task<List<string>> LinesAsync(ChildRun run)
    {
        var lines = new List<string>();
        var result = await media.Runner.RunAsync(run with { Line = lines.Add }, Cancellation);
        Assert.True(result.Outcome is ChildOutcome.Ok, result.Errors);
        return lines;
    }
}
