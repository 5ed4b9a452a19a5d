namespace MakeVideo.Contracts;

/// <summary>The gate of one upstream for the whole cluster: its permits, its breaker, and what it asked for. Key: name of the upstream, <c>video-downloader</c>.</summary>
[Alias("upstream-grain")]
public interface IUpstreamGrain : IGrainWithStringKey
{
    /// <inheritdoc cref="IUpstreamGate.EnterAsync"/>
    [Alias("enter")]
    Task<UpstreamEntry> EnterAsync(UpstreamLimits limits, TimeSpan lasts);

    /// <inheritdoc cref="IUpstreamGate.RenewAsync"/>
    [Alias("renew")]
    Task RenewAsync(string permit, TimeSpan lasts);

    /// <inheritdoc cref="IUpstreamGate.LeaveAsync"/>
    [Alias("leave")]
    Task LeaveAsync(string permit, UpstreamReport report);
}
