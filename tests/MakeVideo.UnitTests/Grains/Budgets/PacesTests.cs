using MakeVideo.Contracts;
using MakeVideo.Grains.Budgets;

namespace MakeVideo.UnitTests.Grains.Budgets;

public sealed class PacesTests
{
    [Fact]
    public void The_first_job_sets_the_speed_and_later_ones_pull_it_to_theirs()
    {
        var pace = Pace.With(null, new("key", 10, 5));
        Assert.Equal((2, 1), (pace.PerUnit, pace.Count));

        var after = Pace.With(pace, new("key", 40, 10));
        Assert.Equal((3, 2), (after.PerUnit, after.Count));

        var settled = Enumerable.Range(0, 40).Aggregate(after, (known, _) => Pace.With(known, new("key", 40, 10)));
        Assert.Equal(4, settled.PerUnit, 3);
    }

    [Fact]
    public void Jobs_told_together_weigh_as_much_as_one_by_one()
    {
        var one = Enumerable.Range(0, 3).Aggregate(new Pace(1, 1), (known, _) => Pace.With(known, new("key", 30, 10)));
        var together = Pace.With(new(1, 1), new("key", 90, 30, 3));

        Assert.Equal(one.PerUnit, together.PerUnit, 9);
        Assert.Equal(one.Count, together.Count);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 1)]
    [InlineData(double.NaN, 1)]
    [InlineData(double.PositiveInfinity, 1)]
    [InlineData(1, -1)]
    public void What_is_no_measurement_is_not_taken(double amount, double units) => Assert.False(new PaceNote("key", amount, units).IsSound);

    [Fact]
    public void Each_stage_quality_source_and_engine_has_a_speed_of_its_own()
    {
        var (fast, preview, blurred) = (Jobs.Of(60), Jobs.Of(60, quality: Quality.Preview), Jobs.Of(60, fit: FitMode.Blur));

        Assert.Equal(3, new[] { fast, preview, blurred }.Select(work => work.Key(JobStage.AssemblingVideo)).Distinct().Count());
        Assert.NotEqual(fast.Key(JobStage.DownloadingShorts), (fast with { Source = "pexels" }).Key(JobStage.DownloadingShorts));
        Assert.NotEqual(fast.Key(JobStage.GeneratingSubtitles), (fast with { Engine = "script" }).Key(JobStage.GeneratingSubtitles));

        var paces = Jobs.Paces((fast.Key(JobStage.AssemblingVideo), 5));
        Assert.True(paces.Knows(JobStage.AssemblingVideo, fast));
        Assert.False(paces.Knows(JobStage.AssemblingVideo, preview));
        Assert.Equal(5 * fast.Megapixels, paces.SecondsFor(JobStage.AssemblingVideo, fast), 6);
    }

    [Fact]
    public void A_video_of_half_an_hour_is_told_as_thirty_of_a_minute_in_bytes()
    {
        Assert.Equal(30, (double)Paces.None.BytesFor(Jobs.Of(1829)) / Paces.None.BytesFor(Jobs.Of(60)), 1);
        Assert.Equal(1000 * Jobs.Of(60).Megapixels, Jobs.Paces(("bytes/fast", 1000)).BytesFor(Jobs.Of(60)), 0);
    }
}
