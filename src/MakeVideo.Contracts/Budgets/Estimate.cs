using System.Collections.Immutable;

namespace MakeVideo.Contracts;

/// <summary>What a job would take, told before it is there.</summary>
[GenerateSerializer, Immutable, Alias("estimate")]
public sealed record Estimate
{
    /// <summary>Seconds of audio.</summary>
    [Id(0)] public double AudioSeconds { get; init; }

    /// <summary>Seconds of video: audio + padding.</summary>
    [Id(1)] public double VideoSeconds { get; init; }

    /// <summary>Seconds from submission to the finished video: those in line and those of the work.</summary>
    [Id(2)] public double Seconds { get; init; }

    /// <summary>Of those, seconds that the jobs before it take.</summary>
    [Id(3)] public double QueueSeconds { get; init; }

    /// <summary>Bytes of the MP4.</summary>
    [Id(4)] public long Bytes { get; init; }

    /// <summary>0: it would start at once; 1: next in line.</summary>
    [Id(5)] public int QueuePosition { get; init; }

    /// <summary>True when every speed in it was measured on this cluster; false while some are those that it came with.</summary>
    [Id(6)] public bool Learned { get; init; }

    /// <summary>One per stage. The speech branch runs beside the footage branch, so they add up to more than <see cref="Seconds"/>.</summary>
    [Id(7)] public ImmutableArray<StageEstimate> Stages { get; init; } = [];
}

/// <summary>What one stage would take.</summary>
/// <param name="Stage">Which.</param>
/// <param name="Seconds">Expected wall seconds on a cluster that has nothing else to do.</param>
/// <param name="Budget">Seconds of work after which it would be stopped and tried again.</param>
[GenerateSerializer, Immutable, Alias("stage-estimate")]
public sealed record StageEstimate([property: Id(0)] JobStage Stage, [property: Id(1)] double Seconds, [property: Id(2)] double Budget);

/// <summary>Tells what a job would take. Key: 0.</summary>
[Alias("estimate-grain")]
public interface IEstimateGrain : IGrainWithIntegerKey
{
    /// <summary>The estimate, or what a submission of the same request would be refused with. Nothing is kept.</summary>
    /// <param name="request">As it would be submitted.</param>
    /// <param name="audioSeconds">Length of an audio that is not there; null: the upload under the request's job id is checked and measured, which takes as long as for a submission.</param>
    [Alias("estimate"), ResponseTimeout("00:02:00")]
    Task<Outcome<Estimate>> EstimateAsync(JobRequest request, double? audioSeconds);
}
