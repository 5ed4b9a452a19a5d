using MakeVideo.Contracts;
using MakeVideo.Grains.Jobs;

namespace MakeVideo.UnitTests.Grains;

public sealed class RecoveryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Three_silos_lost_without_progress_are_poison_and_the_evidence_is_told()
    {
        var state = new JobProgress();
        foreach (var (silo, seconds) in new[] { ("s1", 0), ("s2", 30), ("s3", 60) })
        {
            Assert.Null(Recovery.Poison(state, JobStage.AssemblingVideo));
            Recovery.NoteCrash(state, Noon.AddSeconds(seconds), silo, $"segment {seconds}");
        }

        var poison = Recovery.Poison(state, JobStage.AssemblingVideo)!;

        Assert.Equal((FailureCodes.Poison, JobStage.AssemblingVideo, false), (poison.Code, poison.Stage, poison.Retryable));
        Assert.Contains("12:00:30 s2 (segment 30)", poison.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FailureCodes.UpstreamUnavailable, 30, 30)]
    [InlineData(FailureCodes.UpstreamThrottled, -3600, 1)]
    [InlineData(FailureCodes.UpstreamThrottled, 86400, 900)]
    [InlineData(FailureCodes.UpstreamUnavailable, null, 5)]
    public void A_service_that_is_closed_is_waited_for_as_long_as_it_says_within_reason(string code, int? retryIn, int waits)
    {
        var failure = new JobFailure(code, null, "It is closed.", true, retryIn is { } seconds ? Noon.AddSeconds(seconds) : null, "pexels");

        Assert.Equal(new ParkingView(code, "It is closed.", Noon.AddSeconds(waits), "pexels"), Parking.For(failure, Noon));
        Assert.Null(Parking.For(failure with { Code = FailureCodes.UpstreamRefused }, Noon));
    }

    [Fact]
    public void One_silo_is_one_loss_however_many_items_tell_of_it()
    {
        var state = new JobProgress();
        for (var item = 0; item < 5; item++)
        {
            Recovery.NoteCrash(state, Noon, "s1", $"segment {item}");
        }

        Assert.Single(state.Crashes);
    }

    [Fact]
    public void A_receipt_counts_what_was_done_what_is_redone_and_for_how_long_nothing_happened()
    {
        var state = new JobProgress { Epoch = 2, Clips = "ddAw.", Segments = "drwf", SecondsWorked = 12.5 };

        var receipt = Recovery.Begin(state, WakeCause.SiloLost, "s1", "s2", Noon, Noon.AddSeconds(-4.25));

        Assert.Equal(
            new RecoveryReceipt
            {
                Epoch = 2, Cause = WakeCause.SiloLost, FromSilo = "s1", ToSilo = "s2", At = Noon,
                SecondsWithoutProgress = 4.25, ItemsReused = 5, ItemsRedone = 2, SecondsSaved = 12.5,
            },
            receipt);
        Assert.Equal(("ddA..", "dr.f"), (state.Clips, state.Segments));
        Assert.Equal(receipt, Assert.Single(state.Recoveries));
    }

    [Fact]
    public void A_clock_that_went_back_makes_no_negative_time() =>
        Assert.Equal(0, Recovery.Begin(new(), WakeCause.Startup, "s1", "s2", Noon, Noon.AddHours(1)).SecondsWithoutProgress);

    [Fact]
    public void The_hot_state_keeps_the_latest_receipts_only()
    {
        var state = new JobProgress();
        for (state.Epoch = 1; state.Epoch <= 20; state.Epoch++)
        {
            Recovery.Begin(state, WakeCause.SiloLost, "s1", "s2", Noon, Noon);
        }

        Assert.Equal(Enumerable.Range(13, 8), state.Recoveries.Select(receipt => receipt.Epoch));
    }

    [Theory]
    [InlineData(ItemCodes.Waiting, ItemCodes.Reused, 0, 5, 1)] // done before the crash, and nobody had noted it
    [InlineData(ItemCodes.Done, ItemCodes.Working, 0, 3, 3)] // noted, and its file is gone
    [InlineData(ItemCodes.Done, ItemCodes.Done, 1.5, 3, 3)] // the same, and it was made again within one poll
    [InlineData(ItemCodes.Waiting, ItemCodes.Working, 0, 4, 2)]
    [InlineData(ItemCodes.Waiting, ItemCodes.Done, 1.5, 4, 2)]
    [InlineData(ItemCodes.Done, ItemCodes.Done, 0, 4, 2)]
    public void A_receipt_is_corrected_by_what_items_turn_out_to_be(char before, char now, double seconds, int reused, int redone)
    {
        var receipt = Recovery.Corrected(new() { ItemsReused = 4, ItemsRedone = 2, SecondsSaved = 8 }, before, now, seconds);

        Assert.Equal((reused, redone), (receipt.ItemsReused, receipt.ItemsRedone));
        Assert.InRange(receipt.SecondsSaved, 0, 8);
    }

    [Theory]
    [InlineData(FailureCodes.DiskFull, true)]
    [InlineData(FailureCodes.StoreUnavailable, true)]
    [InlineData(FailureCodes.RenderFailed, false)]
    [InlineData(FailureCodes.ClipCorrupt, false)]
    [InlineData(FailureCodes.Internal, false)]
    public void Only_what_passes_by_itself_is_waited_for(string code, bool waits)
    {
        var parked = Parking.For(new(code, null, "It broke.", Retryable: true), Noon);

        Assert.Equal(waits, parked is not null);
        Assert.True(parked is null || parked.Until > Noon);
    }
}
