using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MakeVideo.Gateway.Limits;

/// <summary>The limits of the API.</summary>
internal static class LimitRegistration
{
    public static IServiceCollection AddLimits(this IServiceCollection services)
    {
        services.AddOptions<LimitOptions>().BindConfiguration(LimitOptions.Section).ValidateDataAnnotations()
            .Validate(limits => limits.UploadsOfOne <= limits.Uploads, "Limits:UploadsOfOne is more than Limits:Uploads.").ValidateOnStart();
        services.AddRateLimiter(_ => { });
        services.AddSingleton<IConfigureOptions<RateLimiterOptions>, RequestLimits>();
        services.AddSingleton<UploadLimits>();
        services.AddSingleton<JobLimits>();
        return services;
    }

    /// <summary>The call brings a new job: it is taken while disk and line have room.</summary>
    public static RouteHandlerBuilder TakesJobs(this RouteHandlerBuilder call) =>
        call.AddEndpointFilter((context, next) => context.HttpContext.RequestServices.GetRequiredService<JobLimits>().FilterAsync(context, next));

    /// <summary>The call brings a file that is no job: it is taken while the disk has room.</summary>
    public static RouteHandlerBuilder NeedsSpace(this RouteHandlerBuilder call) =>
        call.AddEndpointFilter((context, next) => context.HttpContext.RequestServices.GetRequiredService<JobLimits>().SpaceFilterAsync(context, next));

    /// <summary>The call brings a file.</summary>
    public static RouteHandlerBuilder TakesUploads(this RouteHandlerBuilder call) =>
        call.AddEndpointFilter((context, next) => context.HttpContext.RequestServices.GetRequiredService<UploadLimits>().FilterAsync(context, next));
}
