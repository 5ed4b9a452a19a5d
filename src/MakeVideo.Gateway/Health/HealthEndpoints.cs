using System.Reflection;
using MakeVideo.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace MakeVideo.Gateway.Health;

/// <summary>Whether the service can take and keep jobs; each check is <c>ok</c> or what is wrong.</summary>
internal sealed record HealthBody(string Status, string Version, string Store, string Disk);

/// <summary>What answers at the root: the service and its addresses.</summary>
internal sealed record HomeBody(string Service, string Version, string Make, string Jobs, string Health, string Api);

/// <summary>The calls about the service itself.</summary>
internal static class HealthEndpoints
{
    private const string Ok = "ok";

    /// <summary>A store or a disk that takes longer is as good as none to whoever asks.</summary>
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(2);

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health", HealthAsync).Produces<HealthBody>().Produces<HealthBody>(503).AllowAnonymous().DisableRateLimiting().WithSummary("Store, disk and version");
        routes.MapGet("/health/live", () => "ok").AllowAnonymous().DisableRateLimiting().WithSummary("Whether the process answers; nothing else is asked");
        routes.MapGet("/health/ready", HealthAsync).Produces<HealthBody>().Produces<HealthBody>(503).AllowAnonymous().DisableRateLimiting().WithSummary("Whether jobs can be taken now");
        routes.MapGet("/", () => TypedResults.Ok(new HomeBody("make-video", Version, "POST /make-video", "/jobs", "/health", "/openapi/v1.json"))).AllowAnonymous().WithSummary("What this is");
    }

    private static string Version => typeof(HealthEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private static async Task<JsonHttpResult<HealthBody>> HealthAsync(IGrainFactory grains, DataFolder data)
    {
        var checks = await Task.WhenAll(
            CheckAsync(() => grains.GetGrain<IJobCatalogGrain>(0).ListAsync(null, 1)),
            // A network volume that is gone blocks the thread that touches it.
            CheckAsync(() => Task.Run(() => TryDisk(data))));
        var healthy = checks.All(check => check == Ok);
        return TypedResults.Json(
            new HealthBody(healthy ? "healthy" : "unhealthy", Version, checks[0], checks[1]),
            statusCode: healthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<string> CheckAsync(Func<Task> work)
    {
        try
        {
            await work().WaitAsync(AnswersWithin);
            return Ok;
        }
        catch (Exception failure)
        {
            // Whatever it is: it does not work. Its kind is enough here; messages may name hosts and paths.
            return failure is TimeoutException ? $"no answer within {AnswersWithin.TotalSeconds} s" : failure.GetType().Name;
        }
    }

    private static void TryDisk(DataFolder data)
    {
        using var trial = new FileStream(Path.Combine(data.Root, $".health-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
        trial.WriteByte(1);
    }
}
