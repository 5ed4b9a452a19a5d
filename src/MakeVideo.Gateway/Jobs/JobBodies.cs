using System.Text.Json.Nodes;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Estimates;

namespace MakeVideo.Gateway.Jobs;

/// <summary>From the cluster's view of a job to the API's.</summary>
internal static class JobBodies
{
    private const double Mebibyte = 1 << 20;

    public static JobBody Of(JobView job) => new()
    {
        JobId = job.Request.JobId,
        Status = job.Status,
        Progress = Rounded(job.Progress, 1),
        CurrentStage = job.CurrentStage,
        Query = job.Request.Query,
        AudioDuration = Rounded(job.AudioDuration),
        TargetVideoDuration = Rounded(job.TargetDuration),
        MaxShorts = job.Request.MaxShorts,
        SubtitleLanguage = job.Request.Language,
        SubtitleStyle = job.Request.Style,
        AspectRatio = job.Request.Aspect,
        CropPosition = job.Request.Crop,
        Stages = job.Stages.ToDictionary(stage => ApiNames.Of(stage.Stage), Stage),
        Result = job.Result is { } result ? Result(job, result) : null,
        Error = job.Failure is { } failure ? new(failure.Message, failure.Code, new(failure.Stage, failure.Retryable)) : null,
        CreatedAt = job.Request.CreatedAt,
        UpdatedAt = job.UpdatedAt,
        CompletedAt = job.CompletedAt,
        ExpiresAt = job.ExpiresAt,
        AudioName = job.Request.AudioName,
        Fit = job.Request.Fit,
        Quality = job.Request.Quality,
        Seed = job.Request.Seed,
        ShortFootage = job.Request.ShortFootage,
        AnyClip = job.Request.AnyClip,
        Clips = [.. job.Clips.Select(Item)],
        Segments = [.. job.Segments.Select(Item)],
        Epoch = job.Epoch,
        Revision = job.Revision,
        Silo = job.Silo,
        Parked = job.Parked is { } parked ? new(parked.Code, parked.Message, parked.Until, parked.Upstream) : null,
        Recoveries = [.. job.Recoveries.Select(Recovery)],
        Deadline = job.Deadline,
        Eta = job.Eta,
        EtaBasis = job.EtaLearned is { } learned ? EstimateBody.BasisOf(learned) : null,
        Owner = job.Request.Owner,
    };

    private static StageBody Stage(StageView stage) => new(
        stage.Status, Rounded(stage.Progress, 1), Rounded(stage.Seconds), stage.Failure?.Message,
        stage.Facts.ToDictionary(fact => fact.Name, fact => fact.Number is { } number ? JsonValue.Create(Rounded(number)) : (JsonNode?)fact.Text), stage.Deadline);

    private static ResultBody Result(JobView job, JobResult result) => new()
    {
        VideoUrl = $"/download/{job.Request.JobId}",
        VideoFile = $"{job.Request.JobId}.mp4",
        FileSize = result.FileSize,
        FileSizeMb = Rounded(result.FileSize / Mebibyte, 2),
        Duration = Rounded(result.Duration),
        Resolution = $"{result.Format.Width}x{result.Format.Height}",
        AspectRatio = job.Request.Aspect,
        Fps = result.Format.FramesPerSecond,
        ShortsUsed = result.Shorts.Select(used => used.VideoId).Distinct().Count(),
        ShortsList = [.. result.Shorts.Select(used => new ShortBody(
            used.VideoId, Rounded(used.DurationSeconds), used.Title, Rounded(used.PositionInVideo), $"{used.Width}x{used.Height}", Rounded(used.FramesPerSecond), used.Credit, used.Page, used.Licence))],
        SubtitleSegments = result.SubtitleSegments,
        ProcessingTime = Rounded(result.ProcessingSeconds),
        SubtitlesUrl = $"/jobs/{job.Request.JobId}/subtitles",
        Sha256 = result.Sha256,
        Frames = result.Frames,
        LoopedSeconds = Rounded(result.LoopedSeconds),
        SegmentsRendered = result.SegmentsRendered,
        SegmentsReused = result.SegmentsReused,
    };

    private static RecoveryBody Recovery(RecoveryReceipt receipt) => new(
        receipt.Epoch, receipt.Cause, receipt.FromSilo, receipt.ToSilo, receipt.At, Rounded(receipt.SecondsWithoutProgress), receipt.ItemsReused, receipt.ItemsRedone, Rounded(receipt.SecondsSaved));

    private static ItemBody Item(ItemView item) => new(item.Name, item.Status, Rounded(100 * item.Fraction, 1), item.Reason, item.Clip, item.Silo);

    private static double? Rounded(double? value) => value is { } number ? Rounded(number) : null;

    // JSON has no word for what is not a number; one bad figure must not cost the whole answer.
    private static double Rounded(double value, int digits = 3) => double.IsFinite(value) ? Math.Round(value, digits) : 0;
}
