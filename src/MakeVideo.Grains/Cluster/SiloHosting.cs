using MakeVideo.Contracts;
using MakeVideo.Grains.Budgets;
using MakeVideo.Grains.Clips;
using MakeVideo.Grains.Jobs;
using MakeVideo.Grains.Transcripts;
using MakeVideo.Grains.Upstreams;
using MakeVideo.Sources.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Storage;
using StackExchange.Redis;

namespace MakeVideo.Grains.Cluster;

/// <summary>Makes a host a silo of the cluster, or a client of it.</summary>
internal static class SiloHosting
{
    /// <summary>Adds the silo on the Redis protocol, its grains and what they decide with; media, captions, speech and sources are added beside it.</summary>
    public static IHostApplicationBuilder AddMakeVideoSilo(this IHostApplicationBuilder host, ClusterSettings settings, WorkOptions work)
    {
        var redis = Connection(settings);
        host.Services.AddSingleton(settings);
        host.Services.AddSingleton(settings.Data);
        host.Services.AddSingleton(work);
        host.Services.AddSingleton<IConnectionMultiplexer>(_ => ConnectionMultiplexer.Connect(redis));
        host.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(options => (options.ServiceId, options.ClusterId) = (settings.ServiceId, settings.ClusterId));
            silo.Configure<SiloOptions>(options => options.SiloName = settings.SiloName);
            silo.Configure<EndpointOptions>(options =>
            {
                options.AdvertisedIPAddress = settings.Address;
                options.SiloPort = settings.SiloPort == 0 ? FreePort.Next() : settings.SiloPort;
                options.GatewayPort = settings.GatewayPort;
            });
            silo.Configure<ClusterMembershipOptions>(options =>
            {
                options.ProbeTimeout = settings.ProbeTimeout;
                options.MaxProbeTimeout = settings.MaxProbeTimeout;
                options.NumMissedProbesLimit = settings.MissedProbes;
                options.IAmAliveTablePublishTimeout = settings.IAmAlive;

                // Told by the clocks of two hosts: one that runs ahead would end every silo that joins. Who dies while it joins is in nobody's way.
                options.EvictWhenMaxJoinAttemptTimeExceeded = false;
            });
            silo.UseRedisClustering(options => options.ConfigurationOptions = redis);
            silo.UseRedisReminderService(options => options.ConfigurationOptions = redis);
            silo.AddRedisGrainStorageAsDefault(options => (options.ConfigurationOptions, options.DeleteStateOnClear) = (redis, true));
#pragma warning disable ORLEANSEXP003 // Marked as new; the older directory, when a silo dies, ends every grain elsewhere that the dead one kept the address of: segments half rendered on healthy silos.
            silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003

            // By itself it lets nobody take a dead silo's grains over for 20 s, in case it only sleeps. Here a sleeper is fenced by epoch and tag.
            silo.Configure<GrainDirectoryOptions>(options => options.RangeLeaseDuration = TimeSpan.Zero);
            silo.AddMakeVideoGrains();
        });

        // Started in this order once the silo is active, and stopped in the other: the drain first of all.
        host.Services.AddHostedService<MembershipWatch>();
        host.Services.AddHostedService<RecoverySweep>();
        host.Services.AddHostedService<CensusTaker>();
        host.Services.AddSingleton<StoreWatch>();
        host.Services.AddHostedService(provider => provider.GetRequiredService<StoreWatch>());
        host.Services.AddHostedService<Drain>();
        return host;
    }

    /// <summary>Makes a host a client of the cluster. It starts when a silo answers, however long that takes.</summary>
    public static IHostApplicationBuilder AddMakeVideoClient(this IHostApplicationBuilder host, ClusterSettings settings)
    {
        var redis = Connection(settings);
        host.Services.AddSingleton(settings.Data);
        host.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(options => (options.ServiceId, options.ClusterId) = (settings.ServiceId, settings.ClusterId));

            // A silo that was added serves within seconds.
            client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(5));
            client.UseRedisClustering(options => options.ConfigurationOptions = redis);
            client.UseConnectionRetryFilter(async (_, stopping) =>
            {
                await Task.Delay(TimeSpan.FromSeconds(1), stopping);
                return true;
            });
        });
        return host;
    }

    /// <summary>Grains and their parts, whatever the store; shared with test clusters.</summary>
    public static ISiloBuilder AddMakeVideoGrains(this ISiloBuilder silo)
    {
        var services = silo.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddSingleton<IGrainStorageSerializer, StateSerializer>();
        services.AddSingleton(provider => new WorkerSlots(provider.GetRequiredService<WorkOptions>().Slots));
        services.AddSingleton<SiloBoard>();
        services.AddSingleton<StoreClock>();
        services.AddSingleton<StoreTime>();
        services.AddSingleton<SiloBoardExchange>();
        services.AddSingleton<RunningJobs>();
        services.AddSingleton<JobWaker>();
        services.AddSingleton<Census>();
        services.AddSingleton<ClusterMeter>();
        services.AddSharedUpstreams();
        services.TryAddSingleton(new ClipCacheOptions());
        services.AddSingleton<ClipCatalog>();
        services.AddSingleton<Litter>();
        services.AddSingleton<ClipFetch>();
        services.AddSingleton<Listening>();
        services.AddSingleton<Admission>();
        services.AddSingleton<JobWork>();
        services.AddSingleton<JobCatalog>();
        services.AddSingleton<JobJournal>();
        services.AddSingleton<JobParts>();
        services.AddSingleton<Workloads>();
        services.AddSingleton<PaceBook>();
        silo.AddGrainService<SiloBoardPeer>();
        silo.AddPlacementDirector<FreeSlotPlacement, FreeSlotDirector>();
        silo.AddIncomingGrainCallFilter<OutageFilter>();
        return silo;
    }

    /// <summary>The gates of upstreams as one for all silos, and clients whose "ask again at" is by the store's clock.</summary>
    private static void AddSharedUpstreams(this IServiceCollection services)
    {
        services.AddSingleton<UpstreamSights>();
        services.AddSingleton<IUpstreamGate, ClusterUpstreamGate>();
        services.AddSingleton(provider => new UpstreamClients(
            provider.GetRequiredService<UpstreamWire>(), provider.GetRequiredService<IUpstreamGate>(), provider.GetRequiredService<UpstreamMeter>(),
            provider.GetRequiredService<StoreTime>(), provider.GetRequiredService<ILogger<UpstreamClient>>()));
        services.AddUpstreams();
    }

    private static ConfigurationOptions Connection(ClusterSettings settings)
    {
        var redis = ConfigurationOptions.Parse(settings.Redis);

        // A store that is away for a while is waited for, here as everywhere.
        redis.AbortOnConnectFail = false;

        // Answers go on on the runtime's own threads: threads of the client's would only hand each of them on.
        redis.SocketManager = SocketManager.ThreadPool;
        return redis;
    }
}
