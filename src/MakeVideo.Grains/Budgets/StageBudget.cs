using MakeVideo.Contracts;

namespace MakeVideo.Grains.Budgets;

/// <summary>
/// How long a stage may be at work before it is stopped and tried again. Pure. Only the stage's own work counts against it: no line, no wait for a
/// service, no lost silo.
/// </summary>
internal static class StageBudget
{
    /// <summary>Budgets in a row that may run out with nothing done before the job fails is one more than this.</summary>
    public const int MostRetries = 2;

    /// <summary>What the next budget is of the last, as in the replaced service's plan.</summary>
    private const double Escalation = 1.5;

    /// <summary>A healthy run varies with what else its machine does; one that takes four times the usual is not healthy.</summary>
    private const double Slack = 4;

    private static readonly TimeSpan Cap = TimeSpan.FromMinutes(30);

    /// <summary>The least that a stage is given: the formulas of the replaced service's plan.</summary>
    /// <param name="stage">Which.</param>
    /// <param name="audioSeconds">Length of the audio.</param>
    /// <param name="clips">The most clips to use.</param>
    public static TimeSpan Floor(JobStage stage, double audioSeconds, int clips) => TimeSpan.FromSeconds(stage switch
    {
        JobStage.AnalyzingAudio => 30 + (2 * audioSeconds),
        JobStage.FetchingShorts => 60 + (5 * clips),
        JobStage.DownloadingShorts => 300 + (10 * clips),
        JobStage.SelectingShorts => 10,
        JobStage.GeneratingSubtitles => 180 + (30 * audioSeconds),
        JobStage.AssemblingVideo => 120,
        JobStage.FinalComposition => 300 + (10 * audioSeconds),
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "Unknown stage."),
    });

    /// <summary>
    /// The floor, or four times what this cluster usually takes where that is more; half as much again after each budget that ran out; never more than
    /// 30 minutes, unless the floor is. A stage of many items that is still longer, rendering an hour of video, is cut in pieces by that and loses nothing:
    /// done items stay done, and a budget in which one got done is not held against it.
    /// </summary>
    /// <param name="stage">Which.</param>
    /// <param name="work">How much there is to do.</param>
    /// <param name="paces">The cluster's speeds.</param>
    /// <param name="overruns">Budgets in a row that ran out with nothing done.</param>
    public static TimeSpan For(JobStage stage, Workload work, Paces paces, int overruns)
    {
        var floor = Floor(stage, work.AudioSeconds, work.MostClips);
        var usual = TimeSpan.FromSeconds(Math.Min(Cap.TotalSeconds, Slack * paces.SecondsFor(stage, work)));
        var budget = Max(floor, usual) * Math.Pow(Escalation, Math.Clamp(overruns, 0, MostRetries));
        var most = Max(Cap, floor);
        return budget < most ? budget : most;
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
