using MakeVideo.Contracts;

namespace MakeVideo.Sources.Http;

/// <summary>One upstream: where it is, and how long and how often it is tried.</summary>
internal sealed record UpstreamOptions
{
    /// <summary>For its gate, messages and logs: <c>video-downloader</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Base address; what is called lies below it. It comes from settings, so it may be a private one.</summary>
    public required Uri Url { get; init; }

    /// <summary>The settings that a user mends when the upstream refuses: <c>Upstreams:Pexels</c>.</summary>
    public required string Section { get; init; }

    public UpstreamLimits Limits { get; init; } = new();

    public UpstreamTimeouts Timeouts { get; init; } = new();

    /// <summary>Times a call is repeated after a failure that passes. Three, at half a second and doubling, bridge the restart of a service; what lasts longer is the breaker's.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>The first pause before a repetition; later ones double, all with jitter.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A closed gate that opens within this is waited for; the rest is the caller's, who can do something else meanwhile.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest wait for a permit. Longer than most calls take; then the caller comes back later.</summary>
    public TimeSpan PermitWithin { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The longest Retry-After that is believed: a service that says a day has a fault in its clock, and looking again each quarter of an hour is no burden.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Most bytes of one JSON answer, decoded. The words of an hour of speech take 1 MB.</summary>
    public int MaxJsonBytes { get; init; } = 8 << 20;
}

/// <summary>How long one call may take, and its parts.</summary>
internal sealed record UpstreamTimeouts
{
    /// <summary>One attempt, from the request to the answer's headers.</summary>
    public TimeSpan Headers { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A call with all its attempts and pauses, for JSON.</summary>
    public TimeSpan Total { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>A download with all its attempts and pauses: the most bytes of a short clip at the least rate.</summary>
    public TimeSpan Download { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Longest silence within a body.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Least bytes a second of a body, over each <see cref="RateWindow"/>: below it a clip of 10 MB would take half an hour.</summary>
    public double LeastRate { get; init; } = 4096;

    /// <summary>Long enough that a hiccup is no verdict.</summary>
    public TimeSpan RateWindow { get; init; } = TimeSpan.FromSeconds(20);
}
