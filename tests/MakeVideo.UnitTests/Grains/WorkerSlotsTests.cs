using MakeVideo.Grains.Cluster;

namespace MakeVideo.UnitTests.Grains;

public sealed class WorkerSlotsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Slots_are_served_in_job_order_then_in_order_of_arrival()
    {
        var slots = new WorkerSlots(1);
        var served = new List<string>();
        var first = await slots.TakeAsync(5, Cancellation);
        var waiting = new[] { (9, "late"), (1, "old"), (5, "a"), (5, "b") }.Select(async entry =>
        {
            using var slot = await slots.TakeAsync(entry.Item1, Cancellation);
            lock (served)
            {
                served.Add(entry.Item2);
            }
        }).ToArray();

        first.Dispose();
        await Task.WhenAll(waiting);

        Assert.Equal(["old", "a", "b", "late"], served);
        Assert.Equal(0, slots.Used);
    }

    [Fact]
    public async Task Who_leaves_the_line_takes_no_slot()
    {
        var slots = new WorkerSlots(1);
        using var leave = new CancellationTokenSource();
        var first = await slots.TakeAsync(0, Cancellation);
        var gone = slots.TakeAsync(0, leave.Token);
        var stays = slots.TakeAsync(1, Cancellation);

        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        first.Dispose();

        using var slot = await stays;
        Assert.Equal(1, slots.Used);
    }

    [Fact]
    public async Task A_slot_given_back_twice_counts_once()
    {
        var slots = new WorkerSlots(2);
        var slot = await slots.TakeAsync(0, Cancellation);
        using var other = await slots.TakeAsync(0, Cancellation);

        slot.Dispose();
        slot.Dispose();

        Assert.Equal(1, slots.Used);
    }
}
