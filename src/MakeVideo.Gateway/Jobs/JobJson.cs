using System.Text.Json.Nodes;
using MakeVideo.Contracts;

namespace MakeVideo.Gateway.Jobs;

/// <summary>A job with the names and shapes that clients of the replaced service know, and ours after them.</summary>
internal static class JobJson
{
    public static JsonObject Of(JobView job) => new()
    {
        ["job_id"] = job.Request.JobId,
        ["status"] = ApiNames.Of(job.Status),
        ["progress"] = job.Progress,
        ["current_stage"] = job.CurrentStage is { } stage ? ApiNames.Of(stage) : null,
        ["query"] = job.Request.Query,
        ["audio_duration"] = job.AudioDuration,
        ["target_video_duration"] = job.TargetDuration,
        ["max_shorts"] = job.Request.MaxShorts,
        ["subtitle_language"] = job.Request.Language,
        ["subtitle_style"] = ApiNames.Of(job.Request.Style),
        ["aspect_ratio"] = ApiNames.Of(job.Request.Aspect),
        ["crop_position"] = ApiNames.Of(job.Request.Crop),
        ["stages"] = new JsonObject(job.Stages.Select(one => KeyValuePair.Create(ApiNames.Of(one.Stage), (JsonNode?)Stage(one)))),
        ["result"] = job.Result is { } result ? Result(job, result) : null,
        ["error"] = Error(job.Failure),
        ["created_at"] = Time(job.Request.CreatedAt),
        ["updated_at"] = Time(job.UpdatedAt),
        ["completed_at"] = Time(job.CompletedAt),
        ["expires_at"] = Time(job.ExpiresAt),
        ["fit"] = ApiNames.Of(job.Request.Fit),
        ["quality"] = ApiNames.Of(job.Request.Quality),
        ["seed"] = job.Request.Seed,
        ["short_footage"] = ApiNames.Of(job.Request.ShortFootage),
        ["any_clip"] = job.Request.AnyClip,
        ["clips"] = Items(job.Clips),
        ["segments"] = Items(job.Segments),
        ["epoch"] = job.Epoch,
        ["revision"] = job.Revision,
    };

    private static JsonObject Stage(StageView stage) => new()
    {
        ["status"] = ApiNames.Of(stage.Status),
        ["progress"] = stage.Progress,
        ["duration"] = stage.Seconds,
        ["error"] = stage.Failure?.Message,
        ["metadata"] = new JsonObject(stage.Facts.Select(fact => KeyValuePair.Create(fact.Name, fact.Number is { } number ? JsonValue.Create(number) : (JsonNode?)fact.Text))),
    };

    private static JsonObject Result(JobView job, JobResult result) => new()
    {
        ["video_url"] = $"/download/{job.Request.JobId}",
        ["video_file"] = $"{job.Request.JobId}.mp4",
        ["file_size"] = result.FileSize,
        ["file_size_mb"] = Math.Round(result.FileSize / 1048576.0, 2),
        ["duration"] = result.Duration,
        ["resolution"] = $"{result.Format.Width}x{result.Format.Height}",
        ["aspect_ratio"] = ApiNames.Of(job.Request.Aspect),
        ["fps"] = result.Format.FramesPerSecond,
        ["shorts_used"] = result.Shorts.Select(used => used.VideoId).Distinct().Count(),
        ["shorts_list"] = new JsonArray([.. result.Shorts.Select(used => new JsonObject
        {
            ["video_id"] = used.VideoId,
            ["duration_seconds"] = used.DurationSeconds,
            ["file_path"] = used.Title,
            ["position_in_video"] = used.PositionInVideo,
            ["resolution"] = $"{used.Width}x{used.Height}",
            ["fps"] = used.FramesPerSecond,
            ["credit"] = used.Credit,
        })]),
        ["subtitle_segments"] = result.SubtitleSegments,
        ["processing_time"] = result.ProcessingSeconds,
        ["subtitles_url"] = $"/jobs/{job.Request.JobId}/subtitles",
        ["sha256"] = result.Sha256,
        ["frames"] = result.Frames,
        ["looped_seconds"] = result.LoopedSeconds,
        ["segments_rendered"] = result.SegmentsRendered,
        ["segments_reused"] = result.SegmentsReused,
    };

    private static JsonObject? Error(JobFailure? failure) => failure is null ? null : new()
    {
        ["message"] = failure.Message,
        ["code"] = failure.Code,
        ["details"] = new JsonObject { ["stage"] = failure.Stage is { } stage ? ApiNames.Of(stage) : null, ["retryable"] = failure.Retryable },
    };

    private static JsonArray Items(IEnumerable<ItemView> items) => new([.. items.Select(item => new JsonObject
    {
        ["name"] = item.Name,
        ["status"] = ApiNames.Of(item.Status),
        ["progress"] = Math.Round(100 * item.Fraction, 1),
        ["reason"] = item.Reason,
    })]);

    private static string? Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
