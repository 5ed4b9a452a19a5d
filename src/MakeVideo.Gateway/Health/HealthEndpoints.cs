using System.Reflection;
using System.Text.Json.Nodes;
using MakeVideo.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MakeVideo.Gateway.Health;

/// <summary>Whether the service can take and keep jobs.</summary>
internal static class HealthEndpoints
{
    /// <summary>A store that takes longer is as good as none to whoever asks.</summary>
    private static readonly TimeSpan StoreAnswersWithin = TimeSpan.FromSeconds(2);

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health", HealthAsync).Produces<JsonObject>().Produces<JsonObject>(503).WithSummary("Store, disk and version");
        routes.MapGet("/", () => TypedResults.Ok(new JsonObject
        {
            ["service"] = "make-video",
            ["version"] = Version,
            ["make"] = "POST /make-video",
            ["jobs"] = "/jobs",
            ["health"] = "/health",
            ["api"] = "/openapi/v1.json",
        })).Produces<JsonObject>().WithSummary("What this is");
    }

    private static string Version => typeof(HealthEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private static async Task<IResult> HealthAsync(IGrainFactory grains, DataFolder data)
    {
        var (store, disk) = (await StoreAsync(grains), Disk(data));
        var body = new JsonObject { ["status"] = store && disk ? "healthy" : "unhealthy", ["version"] = Version, ["store"] = store ? "ok" : "no answer", ["disk"] = disk ? "ok" : "not writable" };
        return TypedResults.Json(body, statusCode: store && disk ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<bool> StoreAsync(IGrainFactory grains)
    {
        try
        {
            await grains.GetGrain<IJobCatalogGrain>(0).ListAsync(null, 1).WaitAsync(StoreAnswersWithin);
            return true;
        }
        catch (Exception)
        {
            // Whatever it is: it does not answer.
            return false;
        }
    }

    private static bool Disk(DataFolder data)
    {
        try
        {
            var trial = Path.Combine(data.Root, $".health-{Guid.NewGuid():N}");
            File.WriteAllBytes(trial, [1]);
            File.Delete(trial);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
