using Microsoft.Extensions.DependencyInjection;

namespace MakeVideo.Gateway.Keys;

/// <summary>The keys of the API.</summary>
internal static class KeyRegistration
{
    public static IServiceCollection AddKeys(this IServiceCollection services)
    {
        services.AddOptions<KeyOptions>().Validate(keys => !(keys.Open && keys.Required), "Keys cannot be both asked for and not.").ValidateOnStart();
        services.AddSingleton<KeyFile>();
        services.AddSingleton<KeyRing>();
        services.AddHostedService(provider => provider.GetRequiredService<KeyRing>());
        return services;
    }
}
