namespace MakeVideo.Contracts;

/// <summary>What every answer of an item's long poll tells of the work on it.</summary>
public interface IItemAnswer
{
    /// <summary>Where the work is done; null when there is none.</summary>
    string? Silo { get; }

    /// <summary>The work goes on: it is neither over nor waiting in line for a slot.</summary>
    bool AtWork { get; }
}
