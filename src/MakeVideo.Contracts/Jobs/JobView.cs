using System.Collections.Immutable;

namespace MakeVideo.Contracts;

/// <summary>A job as its users see it, whole.</summary>
[GenerateSerializer, Immutable, Alias("job-view")]
public sealed record JobView
{
    [Id(0)] public required JobRequest Request { get; init; }

    [Id(1)] public JobStatus Status { get; init; }

    /// <summary>0 to 100, never falling.</summary>
    [Id(2)] public double Progress { get; init; }

    /// <summary>The earliest stage in progress (branches overlap); null while queued and after the end.</summary>
    [Id(3)] public JobStage? CurrentStage { get; init; }

    /// <summary>One per stage, in the order of <see cref="JobStage"/>.</summary>
    [Id(4)] public ImmutableArray<StageView> Stages { get; init; } = [];

    /// <summary>Seconds; null until analyzed.</summary>
    [Id(5)] public double? AudioDuration { get; init; }

    /// <summary>Seconds: audio + padding; null until analyzed.</summary>
    [Id(6)] public double? TargetDuration { get; init; }

    [Id(7)] public JobResult? Result { get; init; }

    [Id(8)] public JobFailure? Failure { get; init; }

    [Id(9)] public DateTimeOffset UpdatedAt { get; init; }

    [Id(10)] public DateTimeOffset? CompletedAt { get; init; }

    [Id(11)] public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Every clip that was tried, in search order.</summary>
    [Id(12)] public ImmutableArray<ItemView> Clips { get; init; } = [];

    /// <summary>Every segment of the timeline, in order of time.</summary>
    [Id(13)] public ImmutableArray<ItemView> Segments { get; init; } = [];

    /// <summary>Rises with every change; for <see cref="IJobGrain.WatchAsync"/>.</summary>
    [Id(14)] public long Revision { get; init; }

    /// <summary>Rises each time the work is taken up anew; 0 before the first time.</summary>
    [Id(15)] public int Epoch { get; init; }

    /// <summary>The silo that the job runs on; null while nobody works on it.</summary>
    [Id(16)] public string? Silo { get; init; }

    /// <summary>What the job, or a branch of it while the other goes on, waits for; null while nothing waits.</summary>
    [Id(17)] public ParkingView? Parked { get; init; }

    /// <summary>What each recovery cost, the latest last; the log of events has all of them.</summary>
    [Id(18)] public ImmutableArray<RecoveryReceipt> Recoveries { get; init; } = [];

    /// <summary>When the first of the stages at work runs out of its budget; null while none is at work.</summary>
    [Id(19)] public DateTimeOffset? Deadline { get; init; }

    /// <summary>When the job will be done, by the speeds that were measured; null while nobody can tell, and after the end.</summary>
    [Id(20)] public DateTimeOffset? Eta { get; init; }

    /// <summary>Seconds from this answer to <see cref="Eta"/>.</summary>
    [Id(21)] public double? SecondsLeft { get; init; }

    /// <summary>True when <see cref="Eta"/> is by speeds of this cluster alone, false while some are those that it came with; null without one.</summary>
    [Id(22)] public bool? EtaLearned { get; init; }
}

/// <summary>A job, or a branch of one, that waits for something outside it.</summary>
/// <param name="Code">One of <see cref="FailureCodes"/>: <c>disk_full</c>.</param>
/// <param name="Message">One line for people.</param>
/// <param name="Until">When it looks again.</param>
/// <param name="Upstream">The service outside that it waits for: <c>video-downloader</c>; null for the machine's own.</param>
[GenerateSerializer, Immutable, Alias("parking-view")]
public sealed record ParkingView(
    [property: Id(0)] string Code,
    [property: Id(1)] string Message,
    [property: Id(2)] DateTimeOffset Until,
    [property: Id(3)] string? Upstream = null);

/// <summary>One stage of a job.</summary>
/// <param name="Stage">Which.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Progress">0 to 100.</param>
/// <param name="Seconds">Wall seconds from its start to its end, or to now.</param>
/// <param name="Failure">Set when failed.</param>
/// <param name="Facts">What it found.</param>
/// <param name="Deadline">When it runs out of its budget and is tried again; null while it is not at work: what waits loses no time.</param>
[GenerateSerializer, Immutable, Alias("stage-view")]
public sealed record StageView(
    [property: Id(0)] JobStage Stage,
    [property: Id(1)] StageStatus Status,
    [property: Id(2)] double Progress,
    [property: Id(3)] double? Seconds,
    [property: Id(4)] JobFailure? Failure,
    [property: Id(5)] ImmutableArray<StageFact> Facts,
    [property: Id(6)] DateTimeOffset? Deadline = null);

/// <summary>A named number or text that a stage found: <c>speech_spans</c> 4, <c>language</c> en.</summary>
[GenerateSerializer, Immutable, Alias("stage-fact")]
public sealed record StageFact(
    [property: Id(0)] string Name,
    [property: Id(1)] double? Number,
    [property: Id(2)] string? Text);

/// <summary>Where one clip or segment of a job stands.</summary>
public enum ItemStatus
{
    Waiting,
    Working,
    Done,
    Reused,
    Rejected,
    Failed,
}

/// <summary>One clip or segment of a job.</summary>
/// <param name="Name">The clip's title; the segment's place: <c>0:04 - 0:08</c>.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Fraction">0 to 1.</param>
/// <param name="Reason">Why it was rejected or failed.</param>
/// <param name="Clip">The clip's <c>source/id</c>; null for a segment.</param>
/// <param name="Silo">Where it is or was worked on, as far as the job remembers: its log remembers longer.</param>
[GenerateSerializer, Immutable, Alias("item-view")]
public sealed record ItemView(
    [property: Id(0)] string Name,
    [property: Id(1)] ItemStatus Status,
    [property: Id(2)] double Fraction,
    [property: Id(3)] string? Reason = null,
    [property: Id(4)] string? Clip = null,
    [property: Id(5)] string? Silo = null);

/// <summary>What a completed job left.</summary>
[GenerateSerializer, Immutable, Alias("job-result")]
public sealed record JobResult
{
    /// <summary>Bytes of the MP4.</summary>
    [Id(0)] public long FileSize { get; init; }

    /// <summary>Seconds, measured in the file.</summary>
    [Id(1)] public double Duration { get; init; }

    [Id(2)] public required OutputFormat Format { get; init; }

    /// <summary>Lower-case hex of the MP4.</summary>
    [Id(3)] public required string Sha256 { get; init; }

    /// <summary>Output frames, counted in the file.</summary>
    [Id(4)] public int Frames { get; init; }

    [Id(5)] public ImmutableArray<ShortUsed> Shorts { get; init; } = [];

    /// <summary>Count of cues.</summary>
    [Id(6)] public int SubtitleSegments { get; init; }

    /// <summary>Wall seconds from submission to completion.</summary>
    [Id(7)] public double ProcessingSeconds { get; init; }

    /// <summary>Seconds of output that show footage a second time; 0 when there was enough.</summary>
    [Id(8)] public double LoopedSeconds { get; init; }

    /// <summary>Segments that were on disk already.</summary>
    [Id(9)] public int SegmentsReused { get; init; }

    [Id(10)] public int SegmentsRendered { get; init; }

    /// <summary>The attempt that published it: names the file, see <see cref="DataFolder.Video"/>.</summary>
    [Id(11)] public int Epoch { get; init; }
}

/// <summary>A stretch of a clip in the finished video.</summary>
[GenerateSerializer, Immutable, Alias("short-used")]
public sealed record ShortUsed(
    [property: Id(0)] string VideoId,
    [property: Id(1)] double DurationSeconds,
    [property: Id(2)] string Title,
    [property: Id(3)] double PositionInVideo,
    [property: Id(4)] int Width,
    [property: Id(5)] int Height,
    [property: Id(6)] double FramesPerSecond,
    [property: Id(7)] string? Credit,
    [property: Id(8)] string? Page = null,
    [property: Id(9)] string? Licence = null);
