using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using MakeVideo.Media;
using MakeVideo.Media.Processes;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace MakeVideo.ClusterTests.Segments;

/// <summary>A render that takes longer than idle grains are kept.</summary>
public sealed class LongRenderTests : IAsyncLifetime
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("makevideo-long-").FullName;
    private readonly EndlessRender _render = new();
    private InProcessTestCluster _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMemoryGrainStorageAsDefault();
            silo.Configure<GrainCollectionOptions>(options => (options.CollectionQuantum, options.CollectionAge) = (TimeSpan.FromSeconds(1), Kept));
            silo.Services.AddSingleton<IProcessRunner>(_render);
            silo.Services.AddMedia();
            silo.Services.AddSingleton(new DataFolder(_folder));
            silo.Services.AddSingleton(new WorkOptions { Slots = 1, ActiveJobs = 1 });
            silo.AddMakeVideoGrains();
            silo.Services.AddSingleton(new ClusterSettings { Redis = "none", Data = new("/nowhere") });
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task It_is_not_collected_while_its_job_asks()
    {
        var spec = new SegmentSpec([new("clip.mp4", "00", 0, 30)], OutputFormat.For(AspectRatio.Portrait9x16, Quality.Preview), FitMode.Crop, CropPosition.Center, Quality.Preview, null);
        var segment = _cluster.Client.GetGrain<ISegmentGrain>("job/hash");
        var idle = _cluster.Client.GetGrain<IJobQueueGrain>(0);
        await idle.LeaveAsync("nobody");

        // Asks as a job does; a grain that nobody asks is collected meanwhile, twice over.
        for (var collected = 0; collected < 2;)
        {
            var answer = await segment.EnsureAsync(new("hash", spec, "job", 1, 0));
            Assert.Equal(SegmentStatus.Rendering, answer.Status);
            if (await _cluster.Client.GetGrain<IManagementGrain>(0).GetActivationAddress(idle, TestContext.Current.CancellationToken) is null)
            {
                collected++;
                await idle.LeaveAsync("nobody");
            }
        }

        Assert.Equal((1, 0), (_render.Started, _render.Stopped));
        await segment.StopAsync();
        Assert.Equal((1, 1), (_render.Started, _render.Stopped));
    }

    /// <summary>An ffmpeg whose segment never ends by itself.</summary>
    private sealed class EndlessRender : IProcessRunner
    {
        public int Started { get; private set; }

        public int Stopped { get; private set; }

        public async Task<ChildResult> RunAsync(ChildRun run, CancellationToken cancellation)
        {
            if (run.Step != "segment")
            {
                return new(ChildOutcome.Ok, 0, "");
            }

            Started++;
            try
            {
                await Task.Delay(Timeout.Infinite, cancellation);
            }
            finally
            {
                Stopped++;
            }

            throw new InvalidOperationException("An endless wait ended.");
        }
    }
}
