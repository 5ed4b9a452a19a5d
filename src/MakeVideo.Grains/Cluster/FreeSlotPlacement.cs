using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace MakeVideo.Grains.Cluster;

/// <summary>Puts a grain where the line for slots is shortest, never on a silo that is leaving while there is another.</summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking, Alias("free-slot-placement")]
internal sealed class FreeSlotPlacement : PlacementStrategy
{
    public static readonly FreeSlotPlacement Instance = new();
}

/// <inheritdoc cref="FreeSlotPlacement"/>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class FreeSlotPlacementAttribute() : PlacementAttribute(FreeSlotPlacement.Instance);

/// <inheritdoc cref="FreeSlotPlacement"/>
internal sealed class FreeSlotDirector(SiloBoard board) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context) =>
        Task.FromResult(board.Pick(context.GetCompatibleSilos(target)));
}
