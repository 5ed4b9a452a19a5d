using MakeVideo.Contracts;
using MakeVideo.Media.Processes;

namespace MakeVideo.Media;

/// <summary>A child's bad end in words for the job's owner.</summary>
internal static class MediaFailures
{
    private const int LongestDetail = 300;

    /// <summary>The machine's faults have codes of their own and may pass; anything else is <paramref name="code"/>.</summary>
    /// <param name="result">How the child ended.</param>
    /// <param name="stage">Where.</param>
    /// <param name="code">When it is nobody's fault but the input's.</param>
    /// <param name="what">What could not be done, as the start of a sentence.</param>
    public static JobFailure Of(ChildResult result, JobStage stage, string code, string what) => result switch
    {
        { DiskFull: true } => DiskFull(stage, what),
        { Outcome: ChildOutcome.NotFound } => new(FailureCodes.ToolMissing, stage, $"{what}: ffmpeg cannot be started. Install it (sudo apt-get install ffmpeg); `doctor` tells what else is missing.", Retryable: true),
        { Outcome: ChildOutcome.Stalled } => new(FailureCodes.RenderStalled, stage, $"{what}: ffmpeg made no progress and was stopped. Retry the job; if it comes again, leave out the clip or audio at fault.", Retryable: true),
        { Outcome: ChildOutcome.TimedOut } => new(FailureCodes.RenderTimedOut, stage, $"{what}: ffmpeg took too long and was stopped. Retry the job when the machine is less busy.", Retryable: true),
        { Outcome: ChildOutcome.OutOfMemory } => new(code == FailureCodes.RenderFailed ? FailureCodes.RenderOutOfMemory : code, stage, $"{what}: out of memory. Give the machine more, or run fewer slots.", Retryable: true),
        { CrashSignal: { } signal } => new(code, stage, $"{what}: ffmpeg crashed (signal {signal}). Retry the job; if it comes again, leave out the clip or audio at fault.", Retryable: code == FailureCodes.RenderFailed),
        _ => new(code, stage, $"{what}: {Short(result.LastError)}", Retryable: code == FailureCodes.RenderFailed),
    };

    /// <summary>A file of ours that could not be written, moved or flushed.</summary>
    /// <param name="failure">What the file system said; <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</param>
    /// <param name="stage">Where.</param>
    /// <param name="what">What could not be done, as the start of a sentence.</param>
    public static JobFailure Of(Exception failure, JobStage stage, string what) => failure switch
    {
        IOException full when FullDisk.Is(full) => DiskFull(stage, what),
        _ => new(FailureCodes.OutputNotWritable, stage, $"{what}: {Short(failure.Message.ReplaceLineEndings(" ").TrimEnd('.', ' '))}. Give the service's user write access to the data folder and check its disk, then retry the job.", Retryable: true),
    };

    private static JobFailure DiskFull(JobStage stage, string what) =>
        new(FailureCodes.DiskFull, stage, $"{what}: the disk is full. Free space in the data folder, then retry the job.", Retryable: true);

    private static string Short(string text) => text.Length <= LongestDetail ? text : text[..LongestDetail] + "…";
}
