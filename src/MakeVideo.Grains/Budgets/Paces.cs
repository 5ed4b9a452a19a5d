using System.Collections.Immutable;
using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;

namespace MakeVideo.Grains.Budgets;

/// <summary>What a unit of work takes: a moving average that forgets, so that a new machine or service is seen within some jobs.</summary>
/// <param name="PerUnit">Seconds, or bytes, a unit.</param>
/// <param name="Count">Jobs that it is from.</param>
[GenerateSerializer, Immutable, Alias("pace")]
internal sealed record Pace([property: Id(0)] double PerUnit, [property: Id(1)] long Count)
{
    /// <summary>Weight of the latest job once there are some; before, all weigh the same, so that a cold start is soon forgotten.</summary>
    private const double Weight = 0.25;

    /// <summary>Jobs after which what was before them weighs nothing.</summary>
    private const int Enough = 40;

    /// <summary>The average with what some jobs took together.</summary>
    public static Pace With(Pace? before, PaceNote note)
    {
        var (now, average, count) = (note.Amount / note.Units, before?.PerUnit ?? 0, before?.Count ?? 0);
        for (var job = 0; job < Math.Min(note.Count, Enough); job++)
        {
            average += Math.Max(Weight, 1.0 / (count + job + 1)) * (now - average);
        }

        return new(average, count + note.Count);
    }
}

/// <summary>What work took.</summary>
/// <param name="Key">See <see cref="Workload.Key"/>.</param>
/// <param name="Amount">Seconds, or bytes.</param>
/// <param name="Units">Of work.</param>
/// <param name="Count">Jobs that it was.</param>
[GenerateSerializer, Immutable, Alias("pace-note")]
internal sealed record PaceNote([property: Id(0)] string Key, [property: Id(1)] double Amount, [property: Id(2)] double Units, [property: Id(3)] int Count = 1)
{
    /// <summary>What is no measurement would spoil the average for a long time.</summary>
    public bool IsSound => Units > 0 && Amount >= 0 && double.IsFinite(Amount / Units) && Count > 0;
}

/// <summary>The cluster's speeds as they were known at one moment. Immutable.</summary>
internal sealed class Paces(ImmutableDictionary<string, Pace> learned)
{
    /// <summary>Nothing was learned yet.</summary>
    public static readonly Paces None = new(ImmutableDictionary<string, Pace>.Empty);

    /// <summary>Expected seconds of work; for rendering, of all slots together.</summary>
    public double SecondsFor(JobStage stage, Workload work) => work.Units(stage) * (Of(work.Key(stage)) ?? BuiltIn(stage, work));

    /// <summary>Whether the stage's speed was measured here.</summary>
    public bool Knows(JobStage stage, Workload work) => learned.ContainsKey(work.Key(stage));

    /// <summary>Expected bytes of the video, its sound included.</summary>
    public long BytesFor(Workload work) => (long)(work.Megapixels * (Of(work.BytesKey) ?? BuiltInBytes(work.Quality)));

    private double? Of(string key) => learned.GetValueOrDefault(key)?.PerUnit;

    // Measured on two cores of a small server; each is replaced by the first job that measures it here.
    private static double BuiltIn(JobStage stage, Workload work) => stage switch
    {
        JobStage.AnalyzingAudio => 0.03,
        JobStage.FetchingShorts => 0.5,
        JobStage.DownloadingShorts => 2,
        JobStage.SelectingShorts => 0.02,
        JobStage.GeneratingSubtitles => 0.3,
        JobStage.AssemblingVideo => (work.Fit is FitMode.Blur ? 2 : 1) * work.Quality switch { Quality.Medium => 0.04, Quality.High => 0.08, _ => 0.022 },
        _ => 0.03,
    };

    private static double BuiltInBytes(Quality quality) => quality switch { Quality.Preview => 13_000, Quality.Fast => 9_000, Quality.Medium => 12_000, _ => 18_000 };
}

/// <summary>What is known of speeds, as it is stored.</summary>
internal sealed class PaceState : PersistedState
{
    public Dictionary<string, Pace> Paces { get; set; } = [];
}
