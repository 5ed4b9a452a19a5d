using System.Diagnostics;
using MakeVideo.EndToEndTests.Processes;
using MakeVideo.Media.Processes;

using Signals = MakeVideo.Media.Processes.Signals;

namespace MakeVideo.EndToEndTests.Media;

/// <summary>Children of a killed process, real ones: what dies by itself, and what the sweep must end.</summary>
public sealed class ChildSweepTests(MediaFixture media)
{
    private readonly ChildSweep _sweep = media.Get<ChildSweep>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_child_dies_with_its_parent_and_what_it_forked_is_swept()
    {
        var folder = media.Fresh();
        _ = new Script(folder, $"sleep 1000 & echo $! > {folder}/grandchild\necho $$ > {folder}/child\nexec sleep 1000", name: "ffmpeg");
        await using var parent = MakeVideoProcess.Start(folder, ["doctor"], toolsFirst: folder);
        var (child, grandchild) = (await Script.PidAsync(folder, "child"), await Script.PidAsync(folder, "grandchild"));

        await parent.KillAsync();

        await Script.DiesAsync(child, seconds: 5);
        _sweep.Sweep();
        await Script.DiesAsync(grandchild, seconds: 5);
    }

    [Fact]
    public async Task Only_children_of_the_dead_are_swept()
    {
        var own = ParentMark.Own;
        using var living = Sleeper(own.ToString());
        using var unmarked = Sleeper(null);
        using var garbled = Sleeper("not a mark");
        using var ofAnother = Sleeper(new ParentMark(own.Pid, own.Started + 1).ToString());
        using var ofNobody = Sleeper(new ParentMark(int.MaxValue, 1).ToString());
        try
        {
            await Eventually.HoldsAsync(
                () =>
                {
                    // Again and again: a child that has not come to its exec yet does not have its mark.
                    _sweep.Sweep();
                    return ofAnother.HasExited && ofNobody.HasExited;
                },
                () => "Orphans still run.");

            Assert.Equal((128 + Signals.Kill, 128 + Signals.Kill), (ofAnother.ExitCode, ofNobody.ExitCode));
            Assert.False(living.HasExited || unmarked.HasExited || garbled.HasExited);
        }
        finally
        {
            foreach (var process in new[] { living, unmarked, garbled, ofAnother, ofNobody })
            {
                process.Kill();
                await process.WaitForExitAsync(Cancellation);
            }
        }
    }

    [Fact]
    public async Task A_child_of_a_process_that_is_dead_but_not_buried_is_swept()
    {
        // The first child ends once its shell has become a sleep, which waits for nobody: it stays a zombie.
        var script = new Script(media.Fresh(), "sh -c \"until grep -q sleep /proc/$$/comm; do sleep 0.01; done\" & echo $! > dead\nexec sleep 1000");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var run = media.Runner.RunAsync(script.Run, stop.Token);
        var dead = await script.PidAsync("dead");
        await Eventually.HoldsAsync(() => ProcessStat.Of(dead) is { Lives: false }, () => "It lives.");

        using var orphan = Sleeper(new ParentMark(dead, ProcessStat.Of(dead)!.Value.Started).ToString());
        await Eventually.HoldsAsync(
            () =>
            {
                _sweep.Sweep();
                return orphan.HasExited;
            },
            () => "The orphan still runs.");

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    private static Process Sleeper(string? mark)
    {
        var start = new ProcessStartInfo("setsid", ["sleep", "1000"]);
        start.Environment.Remove(ParentMark.Variable);
        if (mark is not null)
        {
            start.Environment[ParentMark.Variable] = mark;
        }

        return Process.Start(start)!;
    }
}
