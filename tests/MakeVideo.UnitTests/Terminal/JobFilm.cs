using MakeVideo.Contracts;
using MakeVideo.UnitTests.Gateway;

namespace MakeVideo.UnitTests.Terminal;

/// <summary>One job in the moments that its displays show.</summary>
internal static class JobFilm
{
    public static JobView Queued { get; } = Samples.Queued(Samples.Request());

    public static JobView Downloading { get; } = Queued with
    {
        Status = JobStatus.DownloadingShorts,
        Progress = 17.4,
        CurrentStage = JobStage.DownloadingShorts,
        AudioDuration = 11,
        TargetDuration = 12,
        UpdatedAt = Samples.Noon.AddSeconds(4),
        SecondsLeft = 19,
        Stages =
        [
            new(JobStage.AnalyzingAudio, StageStatus.Completed, 100, 1.04, null, [new("speech_spans", 4, null), new("language", null, "en")]),
            new(JobStage.FetchingShorts, StageStatus.Completed, 100, 0.12, null, []),
            new(JobStage.DownloadingShorts, StageStatus.InProgress, 50, 2.5, null, []),
            new(JobStage.SelectingShorts, StageStatus.Pending, 0, null, null, []),
            new(JobStage.GeneratingSubtitles, StageStatus.InProgress, 25, 2.9, null, []),
            new(JobStage.AssemblingVideo, StageStatus.Pending, 0, null, null, []),
            new(JobStage.FinalComposition, StageStatus.Pending, 0, null, null, []),
        ],
        Clips =
        [
            new("waves", ItemStatus.Done, 1),
            new("[red]reef[/] \u001b[2J", ItemStatus.Rejected, 0, "clip_corrupt: it does not decode"),
            new("shore", ItemStatus.Working, 0.5),
            new("harbour", ItemStatus.Waiting, 0),
        ],
    };

    public static JobView Assembling { get; } = Downloading with
    {
        Status = JobStatus.AssemblingVideo,
        Progress = 60.2,
        CurrentStage = JobStage.AssemblingVideo,
        UpdatedAt = Samples.Noon.AddSeconds(12),
        SecondsLeft = 8,
        Stages =
        [
            .. Downloading.Stages.Take(2),
            new(JobStage.DownloadingShorts, StageStatus.Completed, 100, 3.2, null, []),
            new(JobStage.SelectingShorts, StageStatus.Completed, 100, 0.01, null, []),
            new(JobStage.GeneratingSubtitles, StageStatus.Completed, 100, 3.4, null, []),
            new(JobStage.AssemblingVideo, StageStatus.InProgress, 50, 6, null, []),
            new(JobStage.FinalComposition, StageStatus.Pending, 0, null, null, []),
        ],
        Clips = [Downloading.Clips[0], Downloading.Clips[1], new("shore", ItemStatus.Done, 1), new("harbour", ItemStatus.Waiting, 0)],
        Segments = [new("0:00.0 - 0:04.0", ItemStatus.Reused, 1), new("0:04.0 - 0:08.0", ItemStatus.Working, 0.9), new("0:08.0 - 0:12.0", ItemStatus.Waiting, 0)],
    };

    public static JobView Completed { get; } = Samples.Completed(sha256: new string('c', 64)) with
    {
        Stages = [.. Assembling.Stages.Take(5), new(JobStage.AssemblingVideo, StageStatus.Completed, 100, 12, null, [new("segments", 3, null)]), new(JobStage.FinalComposition, StageStatus.Completed, 100, 0.5, null, [])],
        Clips = Assembling.Clips,
        Segments = [.. Assembling.Segments.Select(segment => segment with { Status = segment.Status is ItemStatus.Reused ? ItemStatus.Reused : ItemStatus.Done, Fraction = 1 })],
    };

    public static JobView Failed { get; } = Samples.Failed();

    /// <summary>Each moment twice, as a long poll that timed out repeats it.</summary>
    public static async IAsyncEnumerable<JobView> PlayAsync(params JobView[] views)
    {
        foreach (var view in views)
        {
            yield return view;
            await Task.Yield();
            yield return view with { Revision = view.Revision + 1 };
        }
    }
}
