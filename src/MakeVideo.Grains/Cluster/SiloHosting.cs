using MakeVideo.Grains.Clips;
using MakeVideo.Grains.Jobs;
using MakeVideo.Grains.Transcripts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Serialization;
using StackExchange.Redis;

namespace MakeVideo.Grains.Cluster;

/// <summary>Makes a host a silo of the cluster.</summary>
internal static class SiloHosting
{
    /// <summary>Adds the silo on the Redis protocol, its grains and what they decide with; media, captions, speech and sources are added beside it.</summary>
    public static IHostApplicationBuilder AddMakeVideoSilo(this IHostApplicationBuilder host, ClusterSettings settings, WorkOptions work)
    {
        var redis = ConfigurationOptions.Parse(settings.Redis);
        host.Services.AddSingleton(settings);
        host.Services.AddSingleton(settings.Data);
        host.Services.AddSingleton(work);
        host.Services.AddGrainParts();
        host.Services.AddSingleton<IConnectionMultiplexer>(_ => ConnectionMultiplexer.Connect(redis));
        host.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(options => (options.ServiceId, options.ClusterId) = (settings.ServiceId, settings.ClusterId));
            silo.Configure<EndpointOptions>(options =>
            {
                options.AdvertisedIPAddress = settings.Address;
                options.SiloPort = settings.SiloPort == 0 ? FreePort.Next() : settings.SiloPort;
                options.GatewayPort = settings.GatewayPort;
            });
            silo.UseRedisClustering(options => options.ConfigurationOptions = redis);
            silo.UseRedisReminderService(options => options.ConfigurationOptions = redis);
            silo.UseSystemTextJsonGrainStorageSerializer();
            silo.Configure<SystemTextJsonGrainStorageSerializerOptions>(options => StateJson.Configure(options.JsonSerializerOptions));
            silo.AddRedisGrainStorageAsDefault(options => options.ConfigurationOptions = redis);
            if (settings.WakeUnfinished)
            {
                silo.AddStartupTask<RecoverySweep>();
            }
        });
        return host;
    }

    /// <summary>What grains are made of; shared with test clusters.</summary>
    public static IServiceCollection AddGrainParts(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new WorkerSlots(provider.GetRequiredService<WorkOptions>().Slots));
        services.AddSingleton<ClipFetch>();
        services.AddSingleton<Listening>();
        services.AddSingleton<Admission>();
        services.AddSingleton<JobWork>();
        services.AddSingleton<JobCatalog>();
        return services;
    }
}
