using System.Collections.Immutable;
using MakeVideo.Contracts;

namespace MakeVideo.Grains.Jobs;

/// <summary>The two ways of a job that run beside each other until they meet at rendering.</summary>
internal enum Branch
{
    /// <summary>Analyze and transcribe.</summary>
    Speech,

    /// <summary>Search, download and select.</summary>
    Footage,
}

/// <summary>
/// Has a branch wait for a service outside while the other goes on. When only waiting is left, the job itself parks and frees its place for others: then
/// nothing is lost by starting again from what the items know.
/// </summary>
internal sealed class BranchWaits(JobLedger ledger, TimeProvider clock)
{
    private readonly Dictionary<Branch, JobFailure> _waiting = [];
    private readonly HashSet<Branch> _working = [Branch.Speech, Branch.Footage];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The branch has nothing left to do.</summary>
    public void End(Branch branch)
    {
        _working.Remove(branch);
        Change();
    }

    /// <summary>Returns when the service is worth asking again.</summary>
    /// <param name="branch">Who waits.</param>
    /// <param name="failure">What <see cref="Parking.IsUpstreams"/> holds for.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="ItemParkedException">The other branch waits too, or is done: the job is to wait as a whole.</exception>
    public async Task WaitAsync(Branch branch, JobFailure failure, CancellationToken cancellation)
    {
        var until = Parking.For(failure, ledger.Now)!.Until;
        _working.Remove(branch);
        _waiting[branch] = failure with { RetryAt = until };
        ledger.Note("branch_waits", $"{branch.ToString().ToLowerInvariant()}, {failure.Code}: {failure.Message}");
        Change();
        try
        {
            await ledger.SaveSoonAsync();
            while (until - ledger.Now is { Ticks: > 0 } left)
            {
                if (_working.Count == 0)
                {
                    // Whichever service is back first is worth a look.
                    throw new ItemParkedException(_waiting.Values.MinBy(waiting => waiting.RetryAt)!);
                }

                using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                await Task.WhenAny(_changed.Task, Task.Delay(left, clock, over.Token));
                await over.CancelAsync();
                cancellation.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            _waiting.Remove(branch);
            _working.Add(branch);
            Change();
        }
    }

    private void Change()
    {
        ledger.Wait(
            [.. _waiting.Keys.SelectMany(branch => StagesOf(branch))],
            _waiting.Values.MinBy(waiting => waiting.RetryAt) is { } first ? Parking.For(first, ledger.Now) : null);
        var changed = _changed;
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }

    private static ImmutableArray<JobStage> StagesOf(Branch branch) => branch is Branch.Speech
        ? [JobStage.AnalyzingAudio, JobStage.GeneratingSubtitles]
        : [JobStage.FetchingShorts, JobStage.DownloadingShorts, JobStage.SelectingShorts];
}
