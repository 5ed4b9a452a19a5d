using System.Collections.Concurrent;

namespace MakeVideo.Media.Processes;

/// <summary>
/// One thread that lives as long as the process and starts all children: the kernel's parent-death signal comes when the *thread* that
/// forked ends (prctl(2), PR_SET_PDEATHSIG), and a pool thread may retire while its child still works.
/// </summary>
internal static class SpawnThread
{
    private static readonly BlockingCollection<Action> Work = Begin();

    /// <summary>Runs <paramref name="start"/> on the thread.</summary>
    public static Task<T> RunAsync<T>(Func<T> start)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                done.SetResult(start());
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
        });
        return done.Task;
    }

    private static BlockingCollection<Action> Begin()
    {
        var work = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var action in work.GetConsumingEnumerable())
            {
                action();
            }
        })
        { IsBackground = true, Name = "spawn" }.Start();
        return work;
    }
}
