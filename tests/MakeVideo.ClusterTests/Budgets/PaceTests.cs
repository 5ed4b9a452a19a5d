using MakeVideo.ClusterTests.Upstreams;
using MakeVideo.Contracts;
using MakeVideo.Grains.Budgets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace MakeVideo.ClusterTests.Budgets;

public sealed class PaceTests : IAsyncLifetime
{
    private BudgetCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await BudgetCluster.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task What_jobs_took_is_known_to_the_next_and_after_a_restart()
    {
        var job = await _cluster.SubmitAsync(20);
        await _cluster.UntilAsync(job, view => view.Status is JobStatus.Completed);

        // Told within seconds, written within fifteen more.
        await _cluster.PassAsync(TimeSpan.FromSeconds(40));
        var learned = await _cluster.Grains.GetGrain<IPaceGrain>(0).NoteAsync([]);
        Assert.InRange(learned["assembling_video/preview"].PerUnit, 1e-9, 1);
        Assert.Equal(1, learned["assembling_video/preview"].Count);
        Assert.Superset(new HashSet<string> { "downloading_shorts/stub", "assembling_video/preview", "bytes/preview" }, learned.Keys.ToHashSet());

        await _cluster.KillAndStartAnotherAsync();
        var kept = await _cluster.Grains.GetGrain<IPaceGrain>(0).NoteAsync([]);
        Assert.Equal(learned, kept);
    }

    [Fact]
    public async Task An_estimate_rests_on_it_and_keeps_nothing()
    {
        var request = new JobRequest { JobId = JobIds.Create(), AudioSha256 = "", Query = "city 12", Quality = Quality.Preview };
        var estimates = _cluster.Grains.GetGrain<IEstimateGrain>(0);
        var before = (await estimates.EstimateAsync(request, 59)).Value!;
        Assert.Equal((false, 0, 0.0, 60.0), (before.Learned, before.QueuePosition, before.QueueSeconds, before.VideoSeconds));

        var megapixelsOfSecond = 30 * 360 * 640 / 1e6;
        await _cluster.Grains.GetGrain<IPaceGrain>(0).NoteAsync([new("assembling_video/preview", 10, megapixelsOfSecond), new("bytes/preview", 1000, megapixelsOfSecond)]);
        await _cluster.PassAsync(TimeSpan.FromSeconds(8));
        var after = (await estimates.EstimateAsync(request, 59)).Value!;

        // A minute at ten seconds a second in 15 segments on two slots.
        var assembling = after.Stages.Single(stage => stage.Stage is JobStage.AssemblingVideo);
        Assert.Equal((600 * 8 / 15.0, 1800), (Math.Round(assembling.Seconds, 3), assembling.Budget));
        Assert.Equal(60_000, after.Bytes);
        Assert.InRange(after.Seconds, assembling.Seconds, assembling.Seconds + 60);
        Assert.Null(await _cluster.Grains.GetGrain<IJobGrain>(request.JobId).GetAsync());
    }

    [Theory]
    [InlineData(4.9, "en", FailureCodes.AudioTooShort)]
    [InlineData(3601, "en", FailureCodes.AudioTooLong)]
    [InlineData(60, "zz1", FailureCodes.LanguageUnsupported)]
    public async Task What_would_be_refused_is_refused_for_the_same_reason(double seconds, string language, string code)
    {
        var request = new JobRequest { JobId = JobIds.Create(), AudioSha256 = "", Query = "city", Language = language };

        Assert.Equal(code, (await _cluster.Grains.GetGrain<IEstimateGrain>(0).EstimateAsync(request, seconds)).Failure?.Code);
    }

    [Fact]
    public async Task Behind_others_it_waits_for_what_they_have_left()
    {
        _cluster.Tools.Hearing = Timeout.InfiniteTimeSpan;
        var jobs = new List<IJobGrain>();
        for (var job = 0; job < 6; job++)
        {
            jobs.Add(await _cluster.SubmitAsync(60));
        }

        // Four work at once on two slots; they tell what they have left every five seconds.
        await _cluster.UntilAsync(jobs[3], view => view.Silo is not null);
        await _cluster.PassAsync(TimeSpan.FromSeconds(12));
        var request = new JobRequest { JobId = JobIds.Create(), AudioSha256 = "", Query = "city 12", Quality = Quality.Preview };
        var estimate = (await _cluster.Grains.GetGrain<IEstimateGrain>(0).EstimateAsync(request, 60)).Value!;

        Assert.Equal(3, estimate.QueuePosition);
        Assert.InRange(estimate.QueueSeconds, 6 * 10 / 2.0, 6 * 120 / 2.0);
        Assert.Equal(estimate.Seconds - estimate.QueueSeconds, (await AloneAsync(request)).Seconds, 6);

        // The last in line is told the same once somebody has asked and a beat has passed.
        await jobs[5].GetAsync();
        await _cluster.PassAsync(TimeSpan.FromSeconds(12));
        var last = (await jobs[5].GetAsync())!;
        Assert.InRange(last.SecondsLeft!.Value, estimate.QueueSeconds * 0.6, estimate.Seconds);
        Assert.Equal((false, null), (last.EtaLearned, last.Deadline));
    }

    [Fact]
    public async Task A_job_at_work_is_told_to_end_when_it_does_and_the_word_does_not_change_at_each_look()
    {
        // 40 s a segment of 4 s.
        _cluster.Tools.Rendering = _ => TimeSpan.FromSeconds(40);
        await _cluster.Grains.GetGrain<IPaceGrain>(0).NoteAsync([new("assembling_video/preview", 40, 120 * 360 * 640 / 1e6)]);
        await _cluster.PassAsync(TimeSpan.FromSeconds(8));
        var job = await _cluster.SubmitAsync(40);
        var (told, looks) = (new List<DateTimeOffset>(), 0);
        await _cluster.UntilAsync(job, view =>
        {
            if (view is { Status: JobStatus.AssemblingVideo, Eta: { } eta })
            {
                looks++;
                told.Add(eta);
            }

            return view.CompletedAt is not null;
        });
        var ended = (await job.GetAsync())!.CompletedAt!.Value;

        Assert.InRange(looks, 20, 1000);
        Assert.InRange(told.Distinct().Count(), 1, looks / 3);

        // Of 240 s; a busy machine is late for the clock of this test.
        Assert.InRange((told[0] - ended).TotalSeconds, -180, 100);
    }

    [Fact]
    public async Task While_nobody_can_be_asked_a_silo_goes_by_what_it_knows_and_waits_for_nobody()
    {
        var clock = new FakeTimeProvider();
        using var alone = new PaceBook(Unreachable.Create(), clock);

        alone.Note(new("selecting_shorts", 1, 1));
        Assert.False((await alone.ReadAsync()).Knows(JobStage.SelectingShorts, Work));
        await alone.FlushAsync();

        var book = _cluster.Silo.GetRequiredService<PaceBook>();
        book.Note(new("selecting_shorts", 1, 1));
        await book.FlushAsync();
        Assert.True(book.Current.Knows(JobStage.SelectingShorts, Work));
    }

    private static Workload Work => new(60, 1830, OutputFormat.For(AspectRatio.Portrait9x16, Quality.Preview), Quality.Preview, FitMode.Crop, 10, "stub", "slow");

    private async Task<Estimate> AloneAsync(JobRequest request) =>
        (await _cluster.Grains.GetGrain<IEstimateGrain>(0).EstimateAsync(request with { Priority = 9 }, 60)).Value! is var first
            ? first with { Seconds = first.Seconds - first.QueueSeconds }
            : throw new InvalidOperationException();
}
