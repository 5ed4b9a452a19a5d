using MakeVideo.Contracts;
using MakeVideo.Grains.Budgets;

namespace MakeVideo.UnitTests.Grains.Budgets;

public sealed class ForecastTests
{
    private static readonly Workload Work = Jobs.Of(59);

    /// <summary>10 s of listening, 20 s of words, 5 s of search, 3 s a clip, 60 s of slots for rendering, 6 s of joining.</summary>
    private static readonly Paces Known = Jobs.Paces(
        ("analyzing_audio", 10.0 / 59), ("generating_subtitles/moonshine-tiny-en", 20.0 / 59), ("fetching_shorts/library", 5), ("downloading_shorts/library", 3),
        ("selecting_shorts", 0), ("assembling_video/fast", 60 / Work.Megapixels), ("final_composition", 6.0 / 59));

    [Fact]
    public void A_job_takes_its_longer_branch_then_rendering_on_all_slots_then_joining()
    {
        var (one, two) = (Forecast.Of(Work, Known, slots: 1), Forecast.Of(Work, Known, slots: 2));

        // Ten clips: 5 + 30 s of footage beside 30 s of speech; 15 segments.
        Assert.Equal(35 + 60 + 6, one.Wall, 3);
        Assert.Equal(35 + (60 * 8 / 15.0) + 6, two.Wall, 3);
        Assert.Equal(10 + 20 + 5 + 30 + 60 + 6, two.Slots, 3);
        Assert.True(one.Learned);
    }

    [Fact]
    public void More_slots_than_segments_help_nobody() =>
        Assert.Equal(Forecast.Of(Work, Known, slots: 15).Wall, Forecast.Of(Work, Known, slots: 64).Wall, 6);

    [Fact]
    public void What_is_done_is_no_longer_to_do()
    {
        var half = Forecast.Of(Work, Known, 1, stage => stage < JobStage.AssemblingVideo ? 1 : stage is JobStage.AssemblingVideo ? 0.5 : 0, stage => stage is JobStage.AssemblingVideo ? new(30, 0) : null);

        Assert.Equal(30 + 6, half.Wall, 3);
        Assert.Equal(0, Forecast.Of(Work, Known, 1, _ => 1, _ => null).Wall);
    }

    [Fact]
    public void A_stage_that_is_slower_than_usual_is_believed_as_it_goes_on()
    {
        Assert.Equal(60 + 6, At(done: 0.5, spent: 60), 3);
        Assert.InRange(At(done: 0.1, spent: 12), 60.001, 114.001);

    }

    [Fact]
    public void Between_two_signs_of_progress_the_rest_shrinks_but_not_to_nothing()
    {
        Assert.Equal(50 + 6, At(done: 0, spent: 0, since: 10), 3);
        Assert.Equal(20 + 6, At(done: 0.5, spent: 30, since: 10), 3);
        Assert.InRange(At(done: 0.5, spent: 30, since: 500), 6.001, 10);
    }

    private static double At(double done, double spent, double since = 0) => Forecast.Of(
        Work, Known, 1, stage => stage < JobStage.AssemblingVideo ? 1 : stage is JobStage.AssemblingVideo ? done : 0, stage => stage is JobStage.AssemblingVideo ? new(spent, since) : null).Wall;

    [Fact]
    public void A_speed_that_was_never_measured_is_told_as_built_in() => Assert.False(Forecast.Of(Work, Paces.None, 1).Learned);
}
