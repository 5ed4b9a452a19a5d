using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Runtime.Services;
using Orleans.Services;

namespace MakeVideo.Grains.Cluster;

/// <summary>One on each silo, called by the others.</summary>
[Alias("silo-board-peer")]
internal interface ISiloBoardPeer : IGrainService
{
    /// <summary>Tells the caller's load and learns this silo's.</summary>
    [Alias("exchange")]
    Task<SiloLoad> ExchangeAsync(SiloLoad load);
}

/// <summary>Answers for this silo's board.</summary>
[Reentrant]
internal sealed class SiloBoardPeer(GrainId id, Silo silo, ILoggerFactory loggers, SiloBoard board) : GrainService(id, silo, loggers), ISiloBoardPeer
{
    public Task<SiloLoad> ExchangeAsync(SiloLoad load)
    {
        board.Note(load);
        return Task.FromResult(board.Mine);
    }
}

/// <summary>Tells every other silo this one's load, and learns theirs.</summary>
internal sealed class SiloBoardExchange(IServiceProvider services, SiloBoard board, ISiloStatusOracle membership, ILocalSiloDetails silo)
    : GrainServiceClient<ISiloBoardPeer>(services)
{
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(1);

    /// <summary>One round; who does not answer in time is left out until the next.</summary>
    public async Task RoundAsync()
    {
        var mine = board.Mine;
        board.Told();
        var others = membership.GetApproximateSiloStatuses(onlyActive: true).Keys.Where(other => !other.Equals(silo.SiloAddress));
        await Task.WhenAll(others.Select(async other =>
        {
            try
            {
                board.Note(await GetGrainService(other).ExchangeAsync(mine).WaitAsync(AnswersWithin));
            }
            catch (Exception failure) when (Outages.Is(failure))
            {
                // It may be dying, or only busy: the membership decides.
            }
        }));
    }
}
