using MakeVideo.Contracts;
using MakeVideo.Grains.Jobs;
using Orleans.Concurrency;

namespace MakeVideo.Grains.Cluster;

/// <summary>What the silo that answers knows of all of them: at most a second old.</summary>
[StatelessWorker, GrainType("cluster")]
internal sealed class ClusterGrain(SiloBoard board, JobCatalog catalog) : Grain, IClusterGrain
{
    public async Task<ClusterView> LookAsync()
    {
        var line = GrainFactory.GetGrain<IJobQueueGrain>(0).LoadAsync();
        var counts = catalog.CountAsync();
        await Task.WhenAll(line, counts);
        var load = await line;
        return new([.. board.Others.Add(board.Mine).Select(View).OrderBy(silo => silo.Name, StringComparer.Ordinal)], new(load.Working, load.Waiting, load.Most), await counts);
    }

    private static SiloView View(SiloLoad load) => new(
        load.Name.Length > 0 ? load.Name : load.Silo.Endpoint.ToString(), load.Silo.Endpoint.ToString(), load.Used, load.Waiting, load.Limit, load.Draining, load.StoreSeen, load.Admin);
}
