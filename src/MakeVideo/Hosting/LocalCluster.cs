using MakeVideo.Contracts;
using MakeVideo.Grains.Clips;
using MakeVideo.Grains.Cluster;
using MakeVideo.Media;
using MakeVideo.Media.BurnedText;
using MakeVideo.Sources;
using MakeVideo.Store;
using MakeVideo.Transcription;

namespace MakeVideo.Hosting;

/// <summary>What one process needs to run jobs.</summary>
internal sealed record LocalClusterOptions
{
    public required DataFolder Data { get; init; }

    /// <summary>StackExchange.Redis connection string; null: the embedded store in the data folder.</summary>
    public string? Redis { get; init; }

    public required string ModelFolder { get; init; }

    /// <summary>Whether jobs that an earlier process left are taken up at the start; a process for one job leaves them alone.</summary>
    public bool WakeUnfinished { get; init; } = true;
}

/// <summary>One silo with its store, in this process.</summary>
internal static class LocalCluster
{
    /// <summary>Starts a host without HTTP; stop and dispose it to drain its jobs and close the store.</summary>
    /// <exception cref="StoreUnavailableException">The embedded store does not open.</exception>
    public static async Task<IHost> StartAsync(LocalClusterOptions options, Action<ILoggingBuilder> logging, CancellationToken cancellation)
    {
        // Without arguments and appsettings: a process for one job is told all that it needs.
        var builder = Host.CreateEmptyApplicationBuilder(new());
        logging(builder.Logging);
        await builder.AddLocalClusterAsync(options, cancellation, logging);
        var host = builder.Build();
        await host.StartAsync(cancellation);
        return host;
    }

    /// <summary>Makes a host a whole cluster of one silo: the store, the silo, and all that does its work.</summary>
    /// <param name="builder">Of the host.</param>
    /// <param name="options">What it needs.</param>
    /// <param name="cancellation">Until the store is open.</param>
    /// <param name="storeLogging">Where the embedded store complains; it starts before the host's own logging is there. Null: the console.</param>
    public static async Task<IHostApplicationBuilder> AddLocalClusterAsync(
        this IHostApplicationBuilder builder, LocalClusterOptions options, CancellationToken cancellation, Action<ILoggingBuilder>? storeLogging = null)
    {
        storeLogging ??= logging => logging.AddConsole().SetMinimumLevel(LogLevel.Error);
        var store = options.Redis is null
            ? await EmbeddedStore.StartAsync(options.Data.Store, LoggerFactory.Create(storeLogging), cancellation)
            : null;
        if (store is not null)
        {
            // Last to be disposed: it is the first that was made.
            builder.Services.AddSingleton(_ => store);
            builder.Services.AddHostedService<StoreLifetime>();
        }

        builder.AddMakeVideoSilo(
            new ClusterSettings
            {
                Redis = options.Redis ?? store!.ConnectionString,
                Data = options.Data,
                ClusterId = store is null ? "makevideo" : $"local-{Guid.NewGuid():N}",
                WakeUnfinished = options.WakeUnfinished,
            },
            new WorkOptions());
        return builder.AddJobTools(options.ModelFolder);
    }

    /// <summary>All that does the work of jobs on a silo; settings come from the configuration, which a container gives as MAKEVIDEO_Upstreams__Pexels__Key.</summary>
    /// <exception cref="Sources.Http.SettingException">A setting that makes no sense.</exception>
    public static IHostApplicationBuilder AddJobTools(this IHostApplicationBuilder builder, string modelFolder)
    {
        builder.Configuration.AddEnvironmentVariables("MAKEVIDEO_");
        builder.Services.AddSingleton<Sources.YtDlp.IToolProcess, ToolProcess>();
        builder.Services.AddSingleton(Settings.Read<BurnedTextOptions>(builder.Configuration, "BurnedText") with { ModelFolder = modelFolder });
        builder.Services.AddSingleton(Settings.Read<ClipCacheOptions>(builder.Configuration, "ClipCache"));
        builder.Services.AddMedia().AddTranscription(new TranscriptionOptions { ModelFolder = modelFolder }, builder.Configuration).AddFootageSources(builder.Configuration);
        return builder;
    }

    /// <summary>Has the container own the store, so that it closes after everything that writes to it.</summary>
    private sealed class StoreLifetime(EmbeddedStore store) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.FromResult(store);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
