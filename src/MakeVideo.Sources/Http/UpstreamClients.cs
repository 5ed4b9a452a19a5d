using MakeVideo.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace MakeVideo.Sources.Http;

/// <summary>Makes the clients of upstreams; they share connections and the gate.</summary>
internal sealed class UpstreamClients(UpstreamWire wire, IUpstreamGate gate, UpstreamMeter meter, TimeProvider clock, ILogger<UpstreamClient> logger)
{
    public UpstreamClient For(UpstreamOptions options) => new(options, wire, gate, clock, logger, meter);
}

internal static class UpstreamRegistration
{
    /// <summary>Adds <see cref="UpstreamClients"/>. Whoever shares gates in a cluster adds an <see cref="IUpstreamGate"/> of his own, before or after.</summary>
    public static IServiceCollection AddUpstreams(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.TryAddSingleton<UpstreamMeter>();
        services.TryAddSingleton<IUpstreamGate, LocalUpstreamGate>();
        services.TryAddSingleton(_ => new UpstreamWire());
        services.TryAddSingleton<UpstreamClients>();
        return services;
    }
}
