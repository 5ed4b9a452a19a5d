namespace MakeVideo.Sources.YoutubeSearch;

/// <summary>How the reference's search and download services are asked. Their addresses are in <see cref="Http.UpstreamOptions"/>.</summary>
internal sealed record YoutubeSearchOptions
{
    /// <summary>Clips asked for at first, and more by each further page: a 60 s short each, enough for most jobs in one search.</summary>
    public int PageSize { get; init; } = 50;

    /// <summary>The most that one search is asked for: what the replaced service allowed a job (max_shorts).</summary>
    public int MostResults { get; init; } = 500;

    /// <summary>Time between two looks at a job, as in the replaced service (download poll 3 s x 40).</summary>
    public TimeSpan PollEvery { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>A search or download whose progress stands still for this long is stuck: 40 looks of the replaced service.</summary>
    public TimeSpan StuckAfter { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>The longest that either may take, progress or not.</summary>
    public TimeSpan AtMost { get; init; } = TimeSpan.FromMinutes(10);
}
