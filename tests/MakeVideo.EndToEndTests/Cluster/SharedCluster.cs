using MakeVideo.EndToEndTests.Make;
using MakeVideo.EndToEndTests.Media;

namespace MakeVideo.EndToEndTests.Cluster;

/// <summary>Tests of the cluster run one after another and after all others: each wants the machine's two cores for itself.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ClusterCollection : ICollectionFixture<SharedCluster>, ICollectionFixture<Upstreams.UpstreamCluster>
{
    public const string Name = "cluster";
}

/// <summary>One cluster of three silos for the tests that leave one behind; what a test killed is started again for the next.</summary>
public sealed class SharedCluster(MediaFixture media) : IAsyncLifetime
{
    private const int Silos = 3;

    private ProcessCluster? _cluster;
    private byte[]? _undisturbed;

    /// <summary>The cluster, whole, with every gate open and nothing done.</summary>
    internal async Task<ProcessCluster> WholeAsync()
    {
        if (_cluster is null)
        {
            return _cluster = await ProcessCluster.StartAsync(new Workplace(media, times: 3), Silos);
        }

        _cluster.Ffmpeg.Open();
        await _cluster.RefillAsync(Silos);
        await _cluster.AreTogetherAsync();
        await _cluster.AnswersAsync();
        _cluster.ForgetFiles();
        return _cluster;
    }

    /// <summary>What the cluster makes of the speech when nobody disturbs it. Made once.</summary>
    internal async Task<byte[]> UndisturbedAsync()
    {
        if (_undisturbed is null)
        {
            var cluster = await WholeAsync();
            var id = await cluster.SubmitAsync(cluster.FreshScript());
            await cluster.CompletesAsync(id);
            _undisturbed = await cluster.VideoAsync(id);
        }

        return _undisturbed;
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? ValueTask.CompletedTask;
}
