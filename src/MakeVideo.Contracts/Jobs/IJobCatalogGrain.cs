using System.Collections.Immutable;

namespace MakeVideo.Contracts;

/// <summary>Reads the index of jobs. Key: 0.</summary>
[Alias("job-catalog-grain")]
public interface IJobCatalogGrain : IGrainWithIntegerKey
{
    /// <summary>Ids, newest first.</summary>
    /// <param name="status">Only these; null for all.</param>
    /// <param name="limit">1 to 500.</param>
    [Alias("list")]
    Task<ImmutableArray<string>> ListAsync(JobStatus? status, int limit);

    /// <summary>A page of ids that may fit, newest first. The index knows the kind of a status only, and may lag: whoever asks looks at the jobs themselves.</summary>
    [Alias("find")]
    Task<JobPage> FindAsync(JobQuery query);

    /// <summary>A job of this owner (null: of nobody in particular) that came with this audio; null where there is none.</summary>
    [Alias("with-audio")]
    Task<string?> WithAudioAsync(string? owner, string audioSha256);

    /// <summary>Count of this owner's jobs that are not over.</summary>
    [Alias("unfinished")]
    Task<long> UnfinishedAsync(string owner);

    /// <summary>Ids of jobs that have work left and have given no sign of life for <paramref name="silence"/>, oldest first.</summary>
    [Alias("orphaned")]
    Task<ImmutableArray<OrphanedJob>> OrphanedAsync(TimeSpan silence);
}

/// <summary>Which jobs to list.</summary>
[GenerateSerializer, Immutable, Alias("job-query")]
public sealed record JobQuery
{
    /// <summary>Only this owner's; null: everybody's.</summary>
    [Id(0)] public string? Owner { get; init; }

    /// <summary>Only these; null: whatever theirs is.</summary>
    [Id(1)] public JobStatus? Status { get; init; }

    /// <summary>Part of what the footage was to show, whatever its case.</summary>
    [Id(2)] public string? Text { get; init; }

    /// <summary>Submitted then or later.</summary>
    [Id(3)] public DateTimeOffset? Since { get; init; }

    /// <summary>Submitted before.</summary>
    [Id(4)] public DateTimeOffset? Until { get; init; }

    /// <summary>Where the last page ended; null for the first.</summary>
    [Id(5)] public JobCursor? After { get; init; }

    /// <summary>1 to 500.</summary>
    [Id(6)] public int Limit { get; init; } = 50;
}

/// <summary>A place in the order of jobs: newest first, and those of one millisecond by their ids, last first.</summary>
/// <param name="CreatedAt">Milliseconds since 1970.</param>
/// <param name="JobId">Whose place it is; the job may be gone.</param>
[GenerateSerializer, Immutable, Alias("job-cursor")]
public sealed record JobCursor(
    [property: Id(0)] long CreatedAt,
    [property: Id(1)] string JobId);

/// <summary>A page of ids.</summary>
/// <param name="Ids">At most as many as were asked for; fewer are no sign of the end.</param>
/// <param name="Next">Where to go on; null at the end.</param>
[GenerateSerializer, Immutable, Alias("job-page")]
public sealed record JobPage(
    [property: Id(0)] ImmutableArray<string> Ids,
    [property: Id(1)] JobCursor? Next);
