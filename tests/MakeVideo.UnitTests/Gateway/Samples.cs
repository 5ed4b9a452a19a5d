using System.Text;
using MakeVideo.Contracts;

namespace MakeVideo.UnitTests.Gateway;

/// <summary>Audio that looks like audio, and jobs in the states that matter.</summary>
internal static class Samples
{
    public const string Id = "0123456789ABCDEFabcdef";

    public static DateTimeOffset Noon { get; } = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A WAV's first twelve bytes, then anything.</summary>
    public static byte[] Wav(int bytes)
    {
        var file = new byte[bytes];
        new Random(1).NextBytes(file);
        "RIFF\0\0\0\0WAVE"u8.CopyTo(file);
        return file;
    }

    public static byte[] Png { get; } = [0x89, .. Encoding.ASCII.GetBytes("PNG\r\n\u001a\n"), 0, 0, 0, 13, .. Encoding.ASCII.GetBytes("IHDR")];

    public static JobRequest Request(string id = Id) => new() { JobId = id, AudioSha256 = new string('a', 64), AudioName = "speech.mp3", Query = "ocean waves", CreatedAt = Noon };

    public static JobView Queued(JobRequest request) => new()
    {
        Request = request,
        Status = JobStatus.Queued,
        Stages = [.. Enum.GetValues<JobStage>().Select(stage => new StageView(stage, StageStatus.Pending, 0, null, null, []))],
        UpdatedAt = request.CreatedAt,
    };

    public static JobView Failed(string id = Id) => Queued(Request(id)) with
    {
        Status = JobStatus.Failed,
        Progress = 23.4567,
        AudioDuration = 11,
        TargetDuration = 12,
        Stages =
        [
            new(JobStage.AnalyzingAudio, StageStatus.Completed, 100, 1.23456, null, [new("speech_spans", 4, null), new("language", null, "en")]),
            new(JobStage.FetchingShorts, StageStatus.Failed, 0, 0.5, new(FailureCodes.NoClipMatches, JobStage.FetchingShorts, "Nothing matches."), []),
        ],
        Failure = new(FailureCodes.NoClipMatches, JobStage.FetchingShorts, "Nothing matches."),
        CompletedAt = Noon.AddSeconds(9),
    };

    public static JobView Working(string id = Id) => Queued(Request(id)) with
    {
        Status = JobStatus.AssemblingVideo,
        Progress = 60,
        CurrentStage = JobStage.AssemblingVideo,
        AudioDuration = 11,
        TargetDuration = 12,
        Stages =
        [
            new(JobStage.GeneratingSubtitles, StageStatus.Completed, 100, 3, null, []),
            new(JobStage.AssemblingVideo, StageStatus.InProgress, 50, 6, null, [], Noon.AddSeconds(126)),
        ],
        Deadline = Noon.AddSeconds(126),
        Eta = Noon.AddSeconds(21.5),
        SecondsLeft = 9.5,
        EtaLearned = true,
    };

    public static Estimate Estimate(double audioSeconds) => new()
    {
        AudioSeconds = audioSeconds,
        VideoSeconds = audioSeconds + 1,
        Seconds = 42.12345,
        QueueSeconds = 10,
        QueuePosition = 2,
        Bytes = 5_452_595,
        Stages = [new(JobStage.AnalyzingAudio, 0.3, 52), new(JobStage.AssemblingVideo, 20.00049, 120)],
    };

    public static JobView Completed(string id = Id, string sha256 = "c0ffee") => Queued(Request(id)) with
    {
        Status = JobStatus.Completed,
        Progress = 100,
        AudioDuration = 11,
        TargetDuration = 12,
        Stages = [new(JobStage.FinalComposition, StageStatus.Completed, 100, double.NaN, null, [new("loudness", -16.5, null)])],
        Result = new()
        {
            FileSize = 5_452_595,
            Duration = 12.0333333,
            Format = OutputFormat.For(AspectRatio.Portrait9x16, Quality.Fast),
            Sha256 = sha256,
            Frames = 361,
            Shorts = [new("clip_1", 4.0000001, "ocean \"waves\" <b>", 0, 1280, 720, 29.97003, null), new("clip_2", 4, "reef", 4, 720, 1280, 25, "Ann"), new("clip_1", 4, "ocean", 8, 1280, 720, 29.97003, null)],
            SubtitleSegments = 11,
            ProcessingSeconds = 42.12345,
            LoopedSeconds = 4,
            SegmentsRendered = 2,
            SegmentsReused = 1,
        },
        UpdatedAt = Noon.AddSeconds(42.12345),
        CompletedAt = Noon.AddSeconds(42.12345),
        ExpiresAt = new DateTimeOffset(2026, 3, 5, 14, 0, 42, TimeSpan.FromHours(2)),
        Clips = [new("ocean", ItemStatus.Done, 1), new("broken", ItemStatus.Rejected, 0.33333, "clip_corrupt: it does not decode.")],
        Segments = [new("0:00 - 0:04", ItemStatus.Reused, 1)],
        Revision = 77,
        Epoch = 2,
        Recoveries =
        [
            new()
            {
                Epoch = 2, Cause = WakeCause.SiloLost, FromSilo = "silo-1", ToSilo = "silo-2", At = Noon.AddSeconds(21), SecondsWithoutProgress = 3.25,
                ItemsReused = 9, ItemsRedone = 2, SecondsSaved = 14.125,
            },
        ],
    };
}
