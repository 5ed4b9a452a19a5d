using MakeVideo.Sources.Library;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MakeVideo.Sources;

internal static class FootageSources
{
    /// <summary>Registers every source of clips as an <see cref="IFootageSource"/>.</summary>
    public static IServiceCollection AddFootageSources(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<FolderScan>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IFootageSource, FolderLibrary>());
        return services;
    }
}
