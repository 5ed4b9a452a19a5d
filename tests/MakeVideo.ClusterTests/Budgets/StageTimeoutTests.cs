using MakeVideo.Contracts;
using MakeVideo.Grains.Budgets;
using MakeVideo.Grains.Cluster;
using Microsoft.Extensions.DependencyInjection;

namespace MakeVideo.ClusterTests.Budgets;

/// <summary>A job of 6 s: 360 s to hear it, 120 s to render it, unless the cluster knows better.</summary>
public sealed class StageTimeoutTests : IAsyncLifetime
{
    private BudgetCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await BudgetCluster.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_transcriber_that_hangs_is_stopped_tried_again_with_more_time_and_then_the_job_says_so()
    {
        _cluster.Tools.Hearing = Timeout.InfiniteTimeSpan;
        var job = await _cluster.SubmitAsync();

        await _cluster.UntilAsync(job, view => view.Deadline is not null && view.CurrentStage is JobStage.GeneratingSubtitles);
        var first = (await job.GetAsync())!;
        Assert.InRange((first.Deadline!.Value - _cluster.Clock.GetUtcNow()).TotalSeconds, 320, 360);
        Assert.Equal(first.Deadline, first.Stages[(int)JobStage.GeneratingSubtitles].Deadline);
        var took = await _cluster.UntilAsync(job, view => view.Status is JobStatus.Failed);

        var failed = (await job.GetAsync())!;
        Assert.Equal((FailureCodes.StageTimeout, JobStage.GeneratingSubtitles, true), (failed.Failure!.Code, failed.Failure.Stage, failed.Failure.Retryable));
        Assert.Contains("within 810 s", failed.Failure.Message, StringComparison.Ordinal);
        Assert.Equal([("360", 1), ("540", 2)], (await BudgetCluster.NotesAsync(job)).Select((note, index) => (note.Split("within ")[1].Split(' ')[0], index + 1)));
        Assert.InRange(took.TotalSeconds, 360 + 540 + 810 - 100, 360 + 540 + 810 + 600);
        Assert.Equal((3, 3), (_cluster.Tools.Heard, _cluster.Tools.Stopped));
        Assert.Equal((null, null), (failed.Deadline, failed.Eta));

        // What is done stays done, and a retry begins with a clean slate.
        _cluster.Tools.Hearing = TimeSpan.Zero;
        Assert.Null((await job.RetryAsync()).Failure);
        await _cluster.UntilAsync(job, view => view.Status is JobStatus.Completed);
    }

    [Fact]
    public async Task A_render_that_hangs_once_costs_its_budget_and_no_segment_that_was_done()
    {
        _cluster.Tools.Rendering = index => index == 1 ? Timeout.InfiniteTimeSpan : TimeSpan.Zero;
        var job = await _cluster.SubmitAsync(20);

        var took = await _cluster.UntilAsync(job, view => view.Status is JobStatus.Completed);

        Assert.InRange(took.TotalSeconds, 100, 600);
        Assert.Equal(1, _cluster.Tools.Stopped);
        var done = (await job.GetAsync())!;
        Assert.Equal(done.Segments.Length + 1, _cluster.Tools.Rendered);
        Assert.Contains("within 120 s of work (0 of 3 times", Assert.Single(await BudgetCluster.NotesAsync(job)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_render_that_hangs_for_ever_fails_the_job_after_three_budgets_in_which_nothing_got_done()
    {
        _cluster.Tools.Rendering = _ => Timeout.InfiniteTimeSpan;
        var job = await _cluster.SubmitAsync();

        var took = await _cluster.UntilAsync(job, view => view.Status is JobStatus.Failed);

        var failed = (await job.GetAsync())!;
        Assert.Equal((FailureCodes.StageTimeout, JobStage.AssemblingVideo), (failed.Failure!.Code, failed.Failure.Stage));
        Assert.InRange(took.TotalSeconds, 120 + 180 + 270 - 60, 120 + 180 + 270 + 600);
        Assert.Equal(_cluster.Tools.Rendered, _cluster.Tools.Stopped);
    }

    [Fact]
    public async Task A_cluster_that_is_known_to_be_slow_is_given_its_time()
    {
        // 250 s a segment of 4 s, two at a time: six times what a stage is given at least.
        _cluster.Tools.Rendering = _ => TimeSpan.FromSeconds(250);
        var megapixelsOfSegment = 120 * 360 * 640 / 1e6;
        await _cluster.Grains.GetGrain<IPaceGrain>(0).NoteAsync([new("assembling_video/preview", 250, megapixelsOfSegment)]);
        var job = await _cluster.SubmitAsync(20);

        var took = await _cluster.UntilAsync(job, view => view.Status is JobStatus.Completed or JobStatus.Failed);

        Assert.Equal(JobStatus.Completed, (await job.GetAsync())!.Status);
        Assert.Empty(await BudgetCluster.NotesAsync(job));
        Assert.InRange(took.TotalSeconds, 700, 2400);
    }

    [Fact]
    public async Task Time_in_line_for_a_slot_counts_for_nothing()
    {
        var slots = _cluster.Silo.GetRequiredService<WorkerSlots>();
        var job = await HoldingSlotsAsync(slots, async () =>
        {
            var waiting = await _cluster.SubmitAsync();
            await _cluster.PassAsync(TimeSpan.FromSeconds(1500));
            var view = (await waiting.GetAsync())!;
            Assert.Equal((JobStatus.AnalyzingAudio, null), (view.Status, view.Deadline));
            return waiting;
        });

        await _cluster.UntilAsync(job, view => view.Status is JobStatus.Completed);

        Assert.Empty(await BudgetCluster.NotesAsync(job));
    }

    [Fact]
    public async Task Time_in_which_a_service_is_away_counts_for_nothing()
    {
        var back = _cluster.Clock.GetUtcNow() + TimeSpan.FromMinutes(40);
        _cluster.Tools.Away = () => _cluster.Clock.GetUtcNow() < back
            ? new(FailureCodes.UpstreamUnavailable, JobStage.GeneratingSubtitles, "It does not answer.", Retryable: true, back, "openai")
            : null;
        var job = await _cluster.SubmitAsync();

        var took = await _cluster.UntilAsync(job, view => view.Status is JobStatus.Completed or JobStatus.Failed);

        Assert.Equal(JobStatus.Completed, (await job.GetAsync())!.Status);
        Assert.InRange(took.TotalMinutes, 38, 80);
        Assert.Empty(await BudgetCluster.NotesAsync(job));
    }

    [Fact]
    public async Task A_silos_death_neither_counts_nor_starts_the_budget_anew()
    {
        _cluster.Tools.Hearing = Timeout.InfiniteTimeSpan;
        var job = await _cluster.SubmitAsync();
        await _cluster.UntilAsync(job, view => view.CurrentStage is JobStage.GeneratingSubtitles && view.Deadline is not null);
        await _cluster.PassAsync(TimeSpan.FromSeconds(240));

        await _cluster.KillAndStartAnotherAsync();
        _cluster.Tools.Hearing = Timeout.InfiniteTimeSpan;
        await _cluster.PassAsync(TimeSpan.FromSeconds(400));
        job = _cluster.Grains.GetGrain<IJobGrain>(job.GetPrimaryKeyString());
        await job.WakeAsync(WakeCause.SiloLost);
        var took = await _cluster.UntilAsync(job, _ => _cluster.Tools.Stopped > 0);

        // 120 s are left of 360, and what was not written when it died: at most a twentieth.
        Assert.InRange(took.TotalSeconds, 100, 320);
    }

    private static async Task<T> HoldingSlotsAsync<T>(WorkerSlots slots, Func<Task<T>> meanwhile)
    {
        using var one = await slots.TakeAsync(0, TestContext.Current.CancellationToken);
        using var other = await slots.TakeAsync(0, TestContext.Current.CancellationToken);
        return await meanwhile();
    }
}
