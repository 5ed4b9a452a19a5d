using MakeVideo.Contracts;
using MakeVideo.Grains.Jobs;

namespace MakeVideo.UnitTests.Grains;

public sealed class JobMovesTests
{
    private static readonly JobStatus[] All = Enum.GetValues<JobStatus>();

    private static readonly JobStatus[] Working =
    [
        JobStatus.AnalyzingAudio, JobStatus.FetchingShorts, JobStatus.DownloadingShorts, JobStatus.SelectingShorts,
        JobStatus.GeneratingSubtitles, JobStatus.AssemblingVideo, JobStatus.FinalComposition,
    ];

    /// <summary>Every pair of states, written out by hand: from, and all that it may become.</summary>
    public static TheoryData<JobStatus, JobStatus[]> Moves
    {
        get
        {
            var moves = new TheoryData<JobStatus, JobStatus[]>
            {
                { JobStatus.Queued, [.. Working, JobStatus.Queued, JobStatus.Cancelled, JobStatus.DeadLettered, JobStatus.Failed] },
                { JobStatus.Parked, [.. Working, JobStatus.Queued, JobStatus.Parked, JobStatus.Cancelled, JobStatus.DeadLettered, JobStatus.Failed] },
                { JobStatus.Completed, [] },
                { JobStatus.Failed, [JobStatus.Queued] },
                { JobStatus.Cancelled, [JobStatus.Queued] },
                { JobStatus.DeadLettered, [JobStatus.Queued] },
            };
            foreach (var stage in Working)
            {
                moves.Add(stage, All);
            }

            return moves;
        }
    }

    [Theory]
    [MemberData(nameof(Moves))]
    public void A_job_moves_as_the_machine_says_and_no_other_way(JobStatus from, JobStatus[] legal)
    {
        foreach (var to in All)
        {
            var refusal = JobMoves.Refusal(from, to);

            Assert.True(refusal is null == legal.Contains(to), $"{from} -> {to}: {refusal ?? "allowed"}");
            Assert.True(refusal is null || refusal.Contains(ApiNames.Of(from), StringComparison.Ordinal), refusal);
        }
    }

    [Fact]
    public void A_final_state_is_left_by_a_retry_alone()
    {
        foreach (var status in All.Where(JobMoves.IsFinal))
        {
            Assert.All(All.Where(to => to != JobStatus.Queued), to => Assert.NotNull(JobMoves.Refusal(status, to)));
        }

        Assert.Equal([JobStatus.Completed, JobStatus.Failed, JobStatus.Cancelled, JobStatus.DeadLettered], All.Where(JobMoves.IsFinal));
    }

    [Fact]
    public void Only_what_ended_without_a_video_can_be_retried()
    {
        Assert.Equal([JobStatus.Failed, JobStatus.Cancelled, JobStatus.DeadLettered], All.Where(status => JobMoves.RetryRefusal(status) is null));
        Assert.Contains("completed", JobMoves.RetryRefusal(JobStatus.Completed), StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_can_be_retried_may_become_queued() =>
        Assert.All(All.Where(status => JobMoves.RetryRefusal(status) is null), status => Assert.Null(JobMoves.Refusal(status, JobStatus.Queued)));
}
