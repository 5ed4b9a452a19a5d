using MakeVideo.Gateway.Clips;
using MakeVideo.Gateway.Cluster;
using MakeVideo.Gateway.Docs;
using MakeVideo.Gateway.Estimates;
using MakeVideo.Gateway.Events;
using MakeVideo.Gateway.Health;
using MakeVideo.Gateway.Jobs;
using MakeVideo.Gateway.Keys;
using MakeVideo.Gateway.Limits;
using MakeVideo.Gateway.Page;
using MakeVideo.Gateway.Problems;
using MakeVideo.Gateway.Uploads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MakeVideo.Gateway;

/// <summary>Makes a web host the API of a cluster; the cluster's client and the data folder come from elsewhere.</summary>
internal static class GatewayHosting
{
    /// <summary>Bytes of a body that is no upload.</summary>
    private const long MostOtherBody = 1 << 20;

    /// <param name="services">The host's.</param>
    /// <param name="library">Footage library of every job; null: what the configuration says.</param>
    /// <param name="access">Whom to ask for a key; null: everybody who does not come from this machine.</param>
    public static IServiceCollection AddMakeVideoGateway(this IServiceCollection services, string? library = null, KeyOptions? access = null)
    {
        if (access is not null)
        {
            services.Configure<KeyOptions>(keys => (keys.Open, keys.Required) = (access.Open, access.Required));
        }

        if (library is not null)
        {
            services.PostConfigure<GatewayOptions>(gateway => gateway.LibraryFolder = Path.GetFullPath(library));
        }

        services.AddOptions<GatewayOptions>().BindConfiguration(GatewayOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddKeys().AddLimits();
        services.AddSingleton<Submission>();
        services.AddSingleton<Batch>();
        services.AddSingleton<JobWatches>();
        services.AddHostedService<AbandonedUploads>();
        services.ConfigureHttpJsonOptions(json => GatewayJson.Configure(json.SerializerOptions));
        services.AddApiDescription();
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MostOtherBody;
            // Who dribbles is dropped: 240 bytes a second after 5 s is Kestrel's own default for bodies, 15 s for headers is half of its.
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        });
        return services;
    }

    public static WebApplication MapMakeVideo(this WebApplication app)
    {
        app.UseMiddleware<ProblemMiddleware>();
        app.UseMiddleware<PageMiddleware>();
        app.UseRouting();
        app.UseMiddleware<KeyMiddleware>();
        app.UseRateLimiter();
        app.UseMiddleware<AccessMiddleware>();
        app.MapOpenApi().AllowAnonymous();
        app.MapApiReference();
        app.MapJobs();
        app.MapEstimates();
        Batch.Map(app);
        app.MapEvents();
        app.MapCare();
        app.MapOutputs();
        app.MapClips();
        app.MapCache();
        app.MapCluster();
        app.MapHealth();
        app.MapProblemPages();
        return app;
    }
}
