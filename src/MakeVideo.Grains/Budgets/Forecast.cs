using System.Collections.Immutable;
using MakeVideo.Contracts;

namespace MakeVideo.Grains.Budgets;

/// <summary>What is left of one stage.</summary>
/// <param name="Stage">Which.</param>
/// <param name="Slots">Seconds of slots.</param>
/// <param name="Wall">Seconds until it ends when all slots are its own.</param>
internal sealed record StageLeft(JobStage Stage, double Slots, double Wall);

/// <summary>What a stage at work took.</summary>
/// <param name="ToHere">Seconds of work until it was as far as it is.</param>
/// <param name="Since">Seconds of work since.</param>
internal readonly record struct StageTaken(double ToHere, double Since);

/// <summary>What is left of one job, on a cluster that does nothing else. Pure.</summary>
/// <param name="Stages">One per stage.</param>
/// <param name="Learned">Every speed in it was measured on this cluster.</param>
internal sealed record Forecast(ImmutableArray<StageLeft> Stages, bool Learned)
{
    /// <summary>From this share on, what a stage has taken says all of what is to come, and what stages take as a rule nothing; before, it says its part.</summary>
    private const double Telling = 0.3;

    /// <summary>Share of what was left at the last sign of progress that is left until the next.</summary>
    private const double AtLeast = 0.05;

    private static readonly ImmutableArray<JobStage> AllStages = [.. Enum.GetValues<JobStage>()];

    /// <summary>Seconds of slots.</summary>
    public double Slots => Stages.Sum(stage => stage.Slots);

    /// <summary>Seconds until the job is done: the longer of the two branches, then rendering and joining.</summary>
    public double Wall =>
        Math.Max(
            Of(JobStage.AnalyzingAudio) + Of(JobStage.GeneratingSubtitles),
            Of(JobStage.FetchingShorts) + Of(JobStage.DownloadingShorts) + Of(JobStage.SelectingShorts))
        + Of(JobStage.AssemblingVideo) + Of(JobStage.FinalComposition);

    /// <summary>What is left of a job that stands where it stands.</summary>
    /// <param name="work">All of the job.</param>
    /// <param name="paces">The cluster's speeds.</param>
    /// <param name="slots">Of the cluster.</param>
    /// <param name="done">Share of a stage that is done, 0 to 1.</param>
    /// <param name="taken">What it took so far; null when it has not begun.</param>
    public static Forecast Of(Workload work, Paces paces, int slots, Func<JobStage, double> done, Func<JobStage, StageTaken?> taken) => new(
        [.. AllStages.Select(stage => Left(stage, work, paces, Math.Max(1, slots), Math.Clamp(done(stage), 0, 1), taken(stage)))],
        AllStages.All(stage => done(stage) >= 1 || paces.Knows(stage, work)));

    /// <summary>A job that has not begun.</summary>
    public static Forecast Of(Workload work, Paces paces, int slots) => Of(work, paces, slots, _ => 0, _ => null);

    private static StageLeft Left(JobStage stage, Workload work, Paces paces, int slots, double done, StageTaken? taken)
    {
        var all = paces.SecondsFor(stage, work);
        var wall = stage is JobStage.AssemblingVideo ? all / work.Segments * Math.Ceiling((double)work.Segments / slots) : all;
        if (taken is not { } so || done >= 1)
        {
            return new(stage, all * (1 - done), wall * (1 - done));
        }

        if (done > 0)
        {
            // At its own pace so far the whole takes as much as it took to here, by the share that is done.
            var trust = Math.Min(1, done / Telling);
            wall = ((1 - trust) * wall) + (trust * so.ToHere / done);
        }

        // Between two signs of progress the rest shrinks with the time that passes, but not to nothing.
        var left = wall * (1 - done);
        return new(stage, all * (1 - done), Math.Max(left - so.Since, AtLeast * left));
    }

    private double Of(JobStage stage) => Stages[(int)stage].Wall;
}
