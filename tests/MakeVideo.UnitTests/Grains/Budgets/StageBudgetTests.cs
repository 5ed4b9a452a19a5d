using System.Collections.Immutable;
using MakeVideo.Contracts;
using MakeVideo.Grains.Budgets;

namespace MakeVideo.UnitTests.Grains.Budgets;

public sealed class StageBudgetTests
{
    private static readonly TimeSpan Cap = TimeSpan.FromMinutes(30);

    /// <summary>Works of all sizes and kinds, the same ones each time.</summary>
    private static IEnumerable<(JobStage Stage, Workload Work, Paces Paces, int Overruns)> Cases()
    {
        var random = new Random(7);
        for (var i = 0; i < 3000; i++)
        {
            var work = Jobs.Of(5 + (random.NextDouble() * 3595), random.Next(10, 501), (Quality)random.Next(4), (FitMode)random.Next(3));
            var stage = (JobStage)random.Next(7);
            yield return (stage, work, random.Next(3) == 0 ? Paces.None : Jobs.Paces((work.Key(stage), Math.Pow(10, (random.NextDouble() * 6) - 4))), random.Next(5));
        }
    }

    [Theory]
    [InlineData(JobStage.AnalyzingAudio, 30 + (2 * 60))]
    [InlineData(JobStage.FetchingShorts, 60 + (5 * 20))]
    [InlineData(JobStage.DownloadingShorts, 300 + (10 * 20))]
    [InlineData(JobStage.SelectingShorts, 10)]
    [InlineData(JobStage.GeneratingSubtitles, 180 + (30 * 60))]
    [InlineData(JobStage.AssemblingVideo, 120)]
    [InlineData(JobStage.FinalComposition, 300 + (10 * 60))]
    public void The_floors_are_those_that_were_promised(JobStage stage, double seconds) =>
        Assert.Equal(seconds, StageBudget.Floor(stage, audioSeconds: 60, clips: 20).TotalSeconds);

    [Fact]
    public void It_is_never_under_the_floor_and_capped_unless_the_floor_is_above()
    {
        foreach (var (stage, work, paces, overruns) in Cases())
        {
            var (floor, budget) = (StageBudget.Floor(stage, work.AudioSeconds, work.MostClips), StageBudget.For(stage, work, paces, overruns));

            Assert.True(budget >= floor, $"{stage}: {budget} is under {floor}");
            Assert.True(budget <= (floor > Cap ? floor : Cap), $"{stage}: {budget} is over the cap");
        }
    }

    [Fact]
    public void More_work_never_has_less_time()
    {
        foreach (var (stage, work, paces, overruns) in Cases())
        {
            var more = Jobs.Of(work.AudioSeconds * 1.3, work.MostClips + 7, work.Quality, work.Fit);

            Assert.True(StageBudget.For(stage, more, paces, overruns) >= StageBudget.For(stage, work, paces, overruns), $"{stage}");
        }
    }

    [Fact]
    public void A_retry_has_half_as_much_time_again_until_the_cap()
    {
        foreach (var (stage, work, paces, overruns) in Cases().Where(sample => sample.Overruns < StageBudget.MostRetries))
        {
            var (first, next) = (StageBudget.For(stage, work, paces, overruns), StageBudget.For(stage, work, paces, overruns + 1));
            var cap = StageBudget.Floor(stage, work.AudioSeconds, work.MostClips) is var floor && floor > Cap ? floor : Cap;

            Assert.Equal(Math.Min(cap.TotalSeconds, 1.5 * first.TotalSeconds), next.TotalSeconds, 3);
        }
    }

    [Fact]
    public void Where_the_cluster_is_slow_a_stage_has_four_times_what_it_usually_takes()
    {
        var work = Jobs.Of(60);
        var usual = Jobs.Paces((work.Key(JobStage.AssemblingVideo), 100 / work.Megapixels));

        Assert.Equal(400, StageBudget.For(JobStage.AssemblingVideo, work, usual, 0).TotalSeconds, 3);
        Assert.Equal(600, StageBudget.For(JobStage.AssemblingVideo, work, usual, 1).TotalSeconds, 3);
        Assert.Equal(120, StageBudget.For(JobStage.AssemblingVideo, work, Jobs.Paces((work.Key(JobStage.AssemblingVideo), 1 / work.Megapixels)), 0).TotalSeconds, 3);
    }
}

/// <summary>Works and speeds.</summary>
internal static class Jobs
{
    public static Workload Of(double seconds, int clips = 10, Quality quality = Quality.Fast, FitMode fit = FitMode.Crop) => new(
        seconds, (int)Math.Round((seconds + 1) * 30), OutputFormat.For(AspectRatio.Portrait9x16, quality), quality, fit, clips, "library", "moonshine-tiny-en");

    public static Paces Paces(params (string Key, double PerUnit)[] learned) =>
        new(learned.ToImmutableDictionary(pace => pace.Key, pace => new Pace(pace.PerUnit, 5)));
}
