using MakeVideo.Gateway.Clips;
using MakeVideo.Gateway.Cluster;
using MakeVideo.Gateway.Events;
using MakeVideo.Gateway.Health;
using MakeVideo.Gateway.Jobs;
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
    public static IServiceCollection AddMakeVideoGateway(this IServiceCollection services, string? library = null)
    {
        if (library is not null)
        {
            services.PostConfigure<GatewayOptions>(gateway => gateway.LibraryFolder = Path.GetFullPath(library));
        }

        services.AddOptions<GatewayOptions>().BindConfiguration(GatewayOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<Submission>();
        services.AddSingleton<JobWatches>();
        services.AddHostedService<AbandonedUploads>();
        services.ConfigureHttpJsonOptions(json => GatewayJson.Configure(json.SerializerOptions));
        services.AddOpenApi("v1", options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "MakeVideo";
            document.Info.Description = "Speech in, captioned short video out.";
            return Task.CompletedTask;
        }));
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
        app.MapOpenApi();
        app.MapJobs();
        app.MapEvents();
        app.MapCare();
        app.MapOutputs();
        app.MapClips();
        app.MapCache();
        app.MapCluster();
        app.MapHealth();
        return app;
    }
}
