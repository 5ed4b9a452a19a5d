using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;

namespace MakeVideo.Grains.Jobs;

/// <summary>The long polls of one clip, segment or transcript. A silo that is lost under it costs a poll, and is noted as a suspicion against the job.</summary>
/// <param name="ledger">Whose item.</param>
/// <param name="work">What it is, for the note: <c>segment 3</c>.</param>
internal sealed class ItemCall(JobLedger ledger, string work)
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(300);

    private string? _silo;

    /// <summary>One poll; null when no answer came, and the same call is to be made again.</summary>
    /// <exception cref="PoisonException">Too many silos were lost under this job.</exception>
    public async Task<T?> PollAsync<T>(Func<Task<T>> call, Func<T, string?> siloOf, CancellationToken cancellation)
        where T : class
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            var answer = await call();
            _silo = siloOf(answer) ?? _silo;
            return answer;
        }
        catch (Exception failure) when (Outages.Is(failure))
        {
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
