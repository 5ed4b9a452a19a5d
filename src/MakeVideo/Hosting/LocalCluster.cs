using MakeVideo.Contracts;

namespace MakeVideo.Hosting;

/// <summary>What one process needs to run jobs.</summary>
internal sealed record LocalClusterOptions
{
    public required DataFolder Data { get; init; }

    /// <summary>StackExchange.Redis connection string; null: the embedded store in the data folder.</summary>
    public string? Redis { get; init; }

    public string? LibraryFolder { get; init; }

    public required string ModelFolder { get; init; }
}

/// <summary>One silo with its store, in this process.</summary>
internal static class LocalCluster
{
    public static Task<IHost> StartAsync(LocalClusterOptions options, CancellationToken cancellation) => throw new NotImplementedException();
}
