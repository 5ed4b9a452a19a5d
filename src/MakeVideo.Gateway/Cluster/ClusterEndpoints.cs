using MakeVideo.Contracts;
using MakeVideo.Gateway.Keys;
using MakeVideo.Gateway.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace MakeVideo.Gateway.Cluster;

/// <summary>The call that shows who works.</summary>
internal static class ClusterEndpoints
{
    public static void MapCluster(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/cluster", LookAsync).Refuses(503).WithSummary("Silos with their slots, the line of jobs, and how many jobs there are of each kind");

    private static async Task<Ok<ClusterBody>> LookAsync(HttpContext context, IGrainFactory grains)
    {
        // Whose cluster it is sees all of it; owners see how busy it is.
        var isAdmin = context.Caller().IsAdmin;
        var cluster = await grains.GetGrain<IClusterGrain>(0).LookAsync();
        return TypedResults.Ok(new ClusterBody(
            [.. cluster.Silos.Select(silo => new SiloBody(
                silo.Name, isAdmin ? silo.Address : null, silo.SlotsUsed, silo.SlotsWaiting, silo.Slots, silo.Draining, silo.StoreSeen, isAdmin && silo.Admin is { } admin ? admin + "/dashboard/" : null))],
            new(cluster.Line.Working, cluster.Line.Waiting, cluster.Line.Most),
            cluster.Jobs.Where(_ => isAdmin).OrderBy(count => count.Key, StringComparer.Ordinal).ToDictionary()));
    }
}

/// <summary>The cluster at a glance; <paramref name="Jobs"/> by kind of status.</summary>
internal sealed record ClusterBody(IReadOnlyList<SiloBody> Silos, LineBody Line, IReadOnlyDictionary<string, long> Jobs);

/// <summary>One silo: slots taken, items in line for one, slots in all; <paramref name="Dashboard"/> is the address of the Orleans Dashboard where it has one.</summary>
internal sealed record SiloBody(string Name, string? Address, int SlotsUsed, int SlotsWaiting, int Slots, bool Draining, bool StoreSeen, string? Dashboard);

/// <summary>Jobs that have their turn, jobs in line, and how many may have it at once.</summary>
internal sealed record LineBody(int Working, int Waiting, int Most);
