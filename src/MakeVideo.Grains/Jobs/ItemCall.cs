using System.Collections.Immutable;
using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;

namespace MakeVideo.Grains.Jobs;

/// <summary>The long polls of one clip, segment or transcript. A silo that is lost under it costs a poll, and is noted as a suspicion against the job.</summary>
/// <param name="ledger">Whose item.</param>
/// <param name="work">What it is, for the note: <c>segment 3</c>.</param>
/// <param name="stages">Whose time its work is.</param>
internal sealed class ItemCall(JobLedger ledger, string work, params ImmutableArray<JobStage> stages) : IDisposable
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(300);

    private string? _silo;
    private bool _atWork;

    /// <summary>One poll; null when no answer came, and the same call is to be made again.</summary>
    /// <exception cref="PoisonException">Too many silos were lost under this job.</exception>
    public async Task<T?> PollAsync<T>(Func<Task<T>> call, CancellationToken cancellation)
        where T : class, IItemAnswer
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            var answer = await call();
            _silo = answer.Silo ?? _silo;
            Tell(answer.AtWork);
            return answer;
        }
        catch (Exception failure) when (Outages.Is(failure))
        {
            Tell(atWork: false);
            if (failure is SiloUnavailableException && _silo is { } lost)
            {
                _silo = null;
                Recovery.NoteCrash(ledger.Progress, ledger.Now, lost, work);
                ledger.Note("silo_lost", work, lost);
                if (Recovery.Poison(ledger.Progress, ledger.CurrentStage) is { } poison)
                {
                    throw new PoisonException(poison);
                }
            }

            await Task.Delay(Again, cancellation);
            return null;
        }
    }

    /// <summary>Whether the item was at work when its stage ran out of time: then it may hang, and is to be stopped.</summary>
    public bool IsOverdue => _atWork && ledger.Watch?.Overrun is { } late && stages.Contains(late);

    /// <summary>Stops an item that hangs. Where that cannot be told to its silo, the next attempt finds it as it is.</summary>
    public static async Task StopAsync(Func<Task> stop)
    {
        try
        {
            await stop();
        }
        catch (Exception failure) when (Outages.Is(failure))
        {
            // Its silo is gone, or it does not end.
        }
    }

    public void Dispose() => Tell(atWork: false);

    private void Tell(bool atWork)
    {
        _atWork = atWork;
        foreach (var stage in stages)
        {
            ledger.Watch?.Work(stage, work, atWork);
        }
    }
}

/// <summary>The job takes silos with it.</summary>
internal sealed class PoisonException(JobFailure failure) : Exception(failure.Message)
{
    public JobFailure Failure => failure;
}

/// <summary>An item cannot be had for a reason that passes: its job is to wait.</summary>
internal sealed class ItemParkedException(JobFailure failure) : Exception(failure.Message)
{
    public JobFailure Failure => failure;
}
