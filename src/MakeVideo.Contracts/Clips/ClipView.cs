using System.Collections.Immutable;

namespace MakeVideo.Contracts;

/// <summary>What an operator decided about a clip, whatever the checks say.</summary>
public enum ClipRuling
{
    /// <summary>Used though text was found in it; it must still be whole and readable.</summary>
    Accepted,

    /// <summary>Never used.</summary>
    Rejected,
}

/// <summary>What is known of a clip.</summary>
[GenerateSerializer, Immutable, Alias("clip-view")]
public sealed record ClipView
{
    [Id(0)] public required string Source { get; init; }

    [Id(1)] public required string Id { get; init; }

    /// <summary>Empty when an earlier version did not note it.</summary>
    [Id(2)] public string Title { get; init; } = "";

    [Id(3)] public string? Credit { get; init; }

    [Id(4)] public ClipStatus Status { get; init; }

    /// <summary>Bytes in the cache; 0 when its file is not there.</summary>
    [Id(5)] public long Bytes { get; init; }

    /// <summary>Set while its file is in the cache.</summary>
    [Id(6)] public ClipFacts? Facts { get; init; }

    [Id(7)] public JobFailure? Rejection { get; init; }

    /// <summary>When a rejection is looked at again; null for a ruling, which stands.</summary>
    [Id(8)] public DateTimeOffset? ExpiresAt { get; init; }

    [Id(9)] public ClipRuling? Ruling { get; init; }

    /// <summary>What the search for burned-in text found; null when it was not searched.</summary>
    [Id(10)] public TextFinding? Text { get; init; }

    /// <summary>Null when no job has used it.</summary>
    [Id(11)] public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>Jobs that used it.</summary>
    [Id(12)] public long Uses { get; init; }
}

/// <summary>A page of the list of clips.</summary>
/// <param name="Total">Clips in the whole list.</param>
/// <param name="Clips">Keys <c>source/id</c>, latest first.</param>
[GenerateSerializer, Immutable, Alias("clip-page")]
public sealed record ClipPage([property: Id(0)] long Total, [property: Id(1)] ImmutableArray<string> Clips);

/// <summary>What the cache of clips holds.</summary>
/// <param name="Clips">Files.</param>
/// <param name="Bytes">Of all of them.</param>
/// <param name="Limit">Bytes at which the least recently used go.</param>
/// <param name="MostUsed">The most used first.</param>
[GenerateSerializer, Immutable, Alias("clip-cache-stats")]
public sealed record ClipCacheStats([property: Id(0)] long Clips, [property: Id(1)] long Bytes, [property: Id(2)] long Limit, [property: Id(3)] ImmutableArray<ClipUse> MostUsed);

/// <summary>How much a clip is used.</summary>
/// <param name="Clip"><c>source/id</c>.</param>
/// <param name="Uses">Jobs.</param>
/// <param name="Bytes">Of its file.</param>
/// <param name="LastUsedAt">By a job.</param>
[GenerateSerializer, Immutable, Alias("clip-use")]
public sealed record ClipUse([property: Id(0)] string Clip, [property: Id(1)] long Uses, [property: Id(2)] long Bytes, [property: Id(3)] DateTimeOffset? LastUsedAt);

/// <summary>The cache of clips as a whole. Key: 0.</summary>
[Alias("clip-cache-grain")]
public interface IClipCacheGrain : IGrainWithIntegerKey
{
    /// <summary>Known clips, those that changed or were used last first.</summary>
    /// <param name="status">Ready or Rejected; null: both.</param>
    /// <param name="offset">To leave out from the start.</param>
    /// <param name="limit">1 to 500.</param>
    [Alias("list")]
    Task<ClipPage> ListAsync(ClipStatus? status, int offset, int limit);

    [Alias("stats")]
    Task<ClipCacheStats> StatsAsync();

    /// <summary>Removes the files that no job has used for so long and that no active job needs; returns how many.</summary>
    [Alias("clean"), ResponseTimeout("00:10:00")]
    Task<int> CleanAsync(TimeSpan unusedFor);

    /// <summary>Makes room when the cache is over its limit. Cheap when it is not.</summary>
    [Alias("trim"), Orleans.Concurrency.OneWay]
    Task TrimAsync();

    /// <summary>Once an hour, however often it is asked: clips go that nobody has used for long, rejections that have expired, and what processes that were killed left behind.</summary>
    [Alias("tend"), Orleans.Concurrency.OneWay]
    Task TendAsync();
}
