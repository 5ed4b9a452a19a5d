using System.Text.Json.Serialization;

namespace MakeVideo.Contracts;

/// <summary>Where a job stands. The names that clients know are the snake_case forms: <c>analyzing_audio</c>.</summary>
public enum JobStatus
{
    Queued,
    AnalyzingAudio,
    FetchingShorts,
    DownloadingShorts,
    SelectingShorts,
    GeneratingSubtitles,
    AssemblingVideo,
    FinalComposition,
    Completed,
    Failed,
    Cancelled,
    Parked,
    DeadLettered,
}

/// <summary>Why a job is woken.</summary>
public enum WakeCause
{
    /// <summary>Its turn in the queue, or a user's wish.</summary>
    Turn,

    /// <summary>The membership says that the silo which owned it died.</summary>
    SiloLost,

    /// <summary>A silo started and swept the jobs that have work left.</summary>
    Startup,

    /// <summary>The job's own reminder: the backstop.</summary>
    Reminder,

    /// <summary>Its silo was stopped in good order and handed it over.</summary>
    Drain,

    /// <summary>The index shows no sign of life.</summary>
    Stall,
}

/// <summary>One stage of a job. The speech branch (analyze, subtitles) runs beside the footage branch (fetch, download, select).</summary>
public enum JobStage
{
    AnalyzingAudio,
    FetchingShorts,
    DownloadingShorts,
    SelectingShorts,
    GeneratingSubtitles,
    AssemblingVideo,
    FinalComposition,
}

/// <summary>Where a stage of a job stands.</summary>
public enum StageStatus
{
    Pending,
    InProgress,
    Completed,
    Failed,
}

/// <summary>Frame shape of the output. JSON names: <c>9:16</c>, <c>16:9</c>, <c>1:1</c>, <c>4:5</c>.</summary>
public enum AspectRatio
{
    [JsonStringEnumMemberName("9:16")] Portrait9x16,
    [JsonStringEnumMemberName("16:9")] Landscape16x9,
    [JsonStringEnumMemberName("1:1")] Square1x1,
    [JsonStringEnumMemberName("4:5")] Portrait4x5,
}

/// <summary>Which part of a clip survives when <see cref="FitMode.Crop"/> cuts it to the frame.</summary>
public enum CropPosition
{
    Center,
    Top,
    Bottom,
}

/// <summary>How a clip of another shape fills the frame.</summary>
public enum FitMode
{
    /// <summary>Scaled to cover the frame; what hangs over is cut off at the <see cref="CropPosition"/>.</summary>
    Crop,

    /// <summary>The whole clip over a blurred, frame-filling copy of itself.</summary>
    Blur,

    /// <summary>The whole clip between black bars.</summary>
    Pad,
}

/// <summary>How captions look.</summary>
public enum CaptionStyle
{
    /// <summary>White, bold, outlined.</summary>
    Static,

    /// <summary>As static, with the word being spoken highlighted.</summary>
    Dynamic,

    /// <summary>White, smaller, thin outline.</summary>
    Minimal,
}

/// <summary>Output size and encoder effort.</summary>
public enum Quality
{
    /// <summary>Short side 360 px, x264 ultrafast: for trials and tests.</summary>
    Preview,

    /// <summary>Full size, x264 fast, CRF 23: the default.</summary>
    Fast,

    /// <summary>Full size, x264 medium, CRF 21.</summary>
    Medium,

    /// <summary>Full size, x264 slow, CRF 18.</summary>
    High,
}

/// <summary>What to do when the accepted footage is shorter than the audio.</summary>
public enum ShortFootage
{
    /// <summary>Show other slices of the same clips, then repeat; never a clip next to itself unless there is only one.</summary>
    Loop,

    /// <summary>Fail the job with <see cref="FailureCodes.FootageTooShort"/>.</summary>
    Fail,
}
