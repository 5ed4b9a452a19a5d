using MakeVideo.EndToEndTests.Processes;
using MakeVideo.Media.Processes;

using Signals = MakeVideo.Media.Processes.Signals;

namespace MakeVideo.EndToEndTests.Media;

/// <summary>Real children that must be ended: hung, deaf, late, no longer wanted.</summary>
public sealed class StoppedChildTests(MediaFixture media)
{
    private const string OneBlock = "echo frame=1; echo out_time_us=33333; echo progress=continue";

    /// <summary>Short, for no child here would ever end otherwise: a busy machine only makes it later.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("exec sleep 1000")]
    [InlineData("while :; do echo frame=1; echo out_time_us=33333; echo progress=continue; sleep 0.1; done")]
    public async Task A_child_without_progress_is_ended_though_it_talks_on(string hang)
    {
        var script = new Script(media.Fresh(), $"echo $$ > child; {OneBlock}; {hang}");

        var result = await media.Runner.RunAsync(script.Run with { Stall = Soon }, Cancellation);

        Assert.Equal(ChildOutcome.Stalled, result.Outcome);
        await Script.DiesAsync(await script.PidAsync("child"));
    }

    [Fact]
    public async Task An_ffmpeg_that_is_stopped_by_a_signal_is_ended_as_stalled()
    {
        var folder = media.Fresh();
        var began = new TaskCompletionSource();
        var script = new Script(folder, "echo $$ > child; exec ffmpeg \"$@\"");
        var run = media.Runner.RunAsync(
            script.Run with
            {
                Arguments = [.. script.Run.Arguments, .. InputGuards.Ffmpeg, "-re", "-f", "lavfi", "-i", "testsrc2=size=64x64:rate=30", "-f", "null", "-"],
                Stall = TimeSpan.FromSeconds(5),
                Grace = Soon,
                Line = line => _ = line.StartsWith("frame=", StringComparison.Ordinal) && began.TrySetResult(),
            },
            Cancellation);
        await began.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        var child = await script.PidAsync("child");
        const int stop = 19;

        Signals.SendToOne(child, stop);

        // A stopped process takes no TERM: only KILL ends it.
        var result = await run;
        Assert.Equal((ChildOutcome.Stalled, 128 + Signals.Kill), (result.Outcome, result.ExitCode));
        Assert.False(Script.Lives(child));
    }

    [Fact]
    public async Task A_child_that_is_past_its_deadline_is_ended()
    {
        var script = new Script(media.Fresh(), "n=0; while :; do n=$((n + 1)); echo frame=$n; sleep 0.1; done");

        var result = await media.Runner.RunAsync(script.Run with { Deadline = Soon, Stall = TimeSpan.FromMinutes(5) }, Cancellation);

        Assert.Equal(ChildOutcome.TimedOut, result.Outcome);
    }

    [Fact]
    public async Task A_child_that_ignores_TERM_is_killed_after_the_grace()
    {
        Assert.Equal(TimeSpan.FromSeconds(5), new Script(media.Fresh(), "").Run.Grace);
        var script = new Script(media.Fresh(), "trap 'echo heard > heard' TERM; echo $$ > child; while :; do sleep 0.1; done");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var run = media.Runner.RunAsync(script.Run with { Grace = Soon }, stop.Token);
        var child = await script.PidAsync("child");

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.False(Script.Lives(child));
    }

    [Fact]
    public async Task A_child_is_asked_before_it_is_killed()
    {
        var script = new Script(media.Fresh(), "trap 'echo done > finished; exit 0' TERM; echo $$ > child; while :; do sleep 0.1; done");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var run = media.Runner.RunAsync(script.Run with { Grace = TimeSpan.FromMinutes(2) }, stop.Token);
        await script.PidAsync("child");

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.True(File.Exists(Path.Combine(script.Folder, "finished")));
    }

    [Theory]
    [InlineData("wait")]
    [InlineData("exit 0")]
    public async Task Nothing_of_the_group_outlives_the_child(string end)
    {
        // Deaf to TERM, and with the child's pipes still in hand.
        var script = new Script(media.Fresh(), $"(trap '' TERM; echo $(exec sh -c 'echo $PPID') > grandchild; while :; do sleep 0.1; done) & until [ -s grandchild ]; do sleep 0.01; done; echo $$ > child; {end}");

        var result = await media.Runner.RunAsync(script.Run with { Stall = end == "wait" ? Soon : null, Grace = Soon }, Cancellation);

        Assert.Equal(end == "wait" ? ChildOutcome.Stalled : ChildOutcome.Ok, result.Outcome);
        await Script.DiesAsync(await script.PidAsync("grandchild"));
        await Script.DiesAsync(await script.PidAsync("child"));
    }

    [Fact]
    public async Task A_cancelled_run_leaves_no_process()
    {
        var script = new Script(media.Fresh(), "sleep 1000 & echo $! > grandchild; echo $$ > child; wait");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var run = media.Runner.RunAsync(script.Run, stop.Token);
        var (child, grandchild) = (await script.PidAsync("child"), await script.PidAsync("grandchild"));

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await Script.DiesAsync(child);
        await Script.DiesAsync(grandchild);
    }

    [Fact]
    public async Task A_run_cancelled_before_it_starts_starts_nothing()
    {
        var script = new Script(media.Fresh(), "echo $$ > child");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => media.Runner.RunAsync(script.Run, new CancellationToken(canceled: true)));

        Assert.False(File.Exists(Path.Combine(script.Folder, "child")));
    }

    [Fact]
    public async Task Runs_that_are_cancelled_at_any_moment_leave_nothing()
    {
        // From before the fork to after the end: whatever the wrapper has come to, nothing may stay.
        var script = new Script(media.Fresh(), "sleep 1000 & wait");
        var mark = Guid.NewGuid().ToString("N");
        await Parallel.ForEachAsync(Enumerable.Range(0, 24), new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancellation }, async (step, cancellation) =>
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            stop.CancelAfter(TimeSpan.FromMilliseconds(step));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => media.Runner.RunAsync(script.Run with { Arguments = [.. script.Run.Arguments, mark] }, stop.Token));
        });

        await Eventually.HoldsAsync(() => !Running(mark), () => "A child is left.");
    }

    private static bool Running(string argument) => Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)).Any(folder =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline")).Contains(argument, StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });
}
