using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Estimates;

namespace MakeVideo.Gateway.Jobs;

/// <summary>A job as JSON, with the names and shapes that clients of the replaced service know, and ours after them. Properties are written in this order, nulls too.</summary>
internal sealed record JobBody
{
    public required string JobId { get; init; }
    public required JobStatus Status { get; init; }

    /// <summary>0 to 100.</summary>
    public required double Progress { get; init; }
    public required JobStage? CurrentStage { get; init; }
    public required string Query { get; init; }

    /// <summary>Seconds.</summary>
    public required double? AudioDuration { get; init; }

    /// <summary>Seconds.</summary>
    public required double? TargetVideoDuration { get; init; }
    public required int MaxShorts { get; init; }
    public required string SubtitleLanguage { get; init; }
    public required CaptionStyle SubtitleStyle { get; init; }
    public required AspectRatio AspectRatio { get; init; }
    public required CropPosition CropPosition { get; init; }

    /// <summary>By the stage's name: <c>analyzing_audio</c>.</summary>
    public required IReadOnlyDictionary<string, StageBody> Stages { get; init; }
    public required ResultBody? Result { get; init; }
    public required ErrorBody? Error { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required DateTimeOffset? CompletedAt { get; init; }
    public required DateTimeOffset? ExpiresAt { get; init; }
    public required string AudioName { get; init; }
    public required FitMode Fit { get; init; }
    public required Quality Quality { get; init; }
    public required int Seed { get; init; }
    public required ShortFootage ShortFootage { get; init; }
    public required bool AnyClip { get; init; }
    public required IReadOnlyList<ItemBody> Clips { get; init; }
    public required IReadOnlyList<ItemBody> Segments { get; init; }
    public required int Epoch { get; init; }
    public required long Revision { get; init; }

    /// <summary>The silo that works on it.</summary>
    public required string? Silo { get; init; }
    public required ParkedBody? Parked { get; init; }
    public required IReadOnlyList<RecoveryBody> Recoveries { get; init; }

    /// <summary>When the first stage at work runs out of its budget, is stopped and tried again; null while none is at work.</summary>
    public required DateTimeOffset? Deadline { get; init; }

    /// <summary>When it will be done; null while nobody can tell, and after the end.</summary>
    public required DateTimeOffset? Eta { get; init; }

    /// <summary>How far to trust <see cref="Eta"/>.</summary>
    public required SpeedBasis? EtaBasis { get; init; }

    /// <summary>Whose it is; left out on a server that asks for no keys.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Owner { get; init; }

    /// <summary>Without its lists, which may be hundreds long: for who shows many jobs.</summary>
    [JsonIgnore]
    public JobBody Brief => this with { Clips = [], Segments = [], Result = Result is null ? null : Result with { ShortsList = [] } };
}

/// <summary>One stage.</summary>
/// <param name="Status">Where it stands.</param>
/// <param name="Progress">0 to 100.</param>
/// <param name="Duration">Seconds.</param>
/// <param name="Error">One line.</param>
/// <param name="Metadata">What it found: numbers and texts by name.</param>
/// <param name="Deadline">When it runs out of its budget; null while it is not at work.</param>
internal sealed record StageBody(StageStatus Status, double Progress, double? Duration, string? Error, IReadOnlyDictionary<string, JsonNode?> Metadata, DateTimeOffset? Deadline);

/// <summary>What a completed job left.</summary>
internal sealed record ResultBody
{
    public required string VideoUrl { get; init; }
    public required string VideoFile { get; init; }

    /// <summary>Bytes.</summary>
    public required long FileSize { get; init; }

    /// <summary>Mebibytes, as the replaced service counted.</summary>
    public required double FileSizeMb { get; init; }

    /// <summary>Seconds.</summary>
    public required double Duration { get; init; }

    /// <summary><c>1080x1920</c>.</summary>
    public required string Resolution { get; init; }
    public required AspectRatio AspectRatio { get; init; }
    public required int Fps { get; init; }

    /// <summary>Different clips in the video.</summary>
    public required int ShortsUsed { get; init; }
    public required IReadOnlyList<ShortBody> ShortsList { get; init; }
    public required int SubtitleSegments { get; init; }

    /// <summary>Seconds from submission to completion.</summary>
    public required double ProcessingTime { get; init; }
    public required string SubtitlesUrl { get; init; }
    public required string Sha256 { get; init; }
    public required int Frames { get; init; }

    /// <summary>Seconds of output that show footage a second time.</summary>
    public required double LoopedSeconds { get; init; }
    public required int SegmentsRendered { get; init; }
    public required int SegmentsReused { get; init; }
}

/// <summary>A stretch of a clip in the video. <paramref name="FilePath"/> is the clip's title: where a server keeps it is not for clients.</summary>
internal sealed record ShortBody(string VideoId, double DurationSeconds, string FilePath, double PositionInVideo, string Resolution, double Fps, string? Credit,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Page,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Licence);

/// <summary>Why a job failed.</summary>
internal sealed record ErrorBody(string Message, string Code, ErrorDetails Details);

/// <summary>Where, and whether the same request may succeed later.</summary>
internal sealed record ErrorDetails(JobStage? Stage, bool Retryable);

/// <summary>One clip or segment; <paramref name="Progress"/> is 0 to 100, <paramref name="Clip"/> a clip's address below <c>/clips/</c>, <paramref name="Silo"/> where it is or was worked on.</summary>
internal sealed record ItemBody(string Name, ItemStatus Status, double Progress, string? Reason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Clip = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Silo = null);

/// <summary>Why a job or a branch of it waits, when it looks again, and for which service outside, if any.</summary>
internal sealed record ParkedBody(string Code, string Message, DateTimeOffset Until, string? Upstream);

/// <summary>What one recovery cost: from which silo to which, seconds without progress, items found done and done again, seconds of work saved.</summary>
internal sealed record RecoveryBody(
    int Epoch, WakeCause Cause, string? FromSilo, string ToSilo, DateTimeOffset At, double SecondsWithoutProgress, int ItemsReused, int ItemsRedone, double SecondsSaved);

/// <summary>Answer to a submission.</summary>
internal sealed record AcceptedBody(string JobId, JobStatus Status, string Message);

/// <summary>Answer to a deletion.</summary>
internal sealed record DeletedBody(string Message, string JobId);
