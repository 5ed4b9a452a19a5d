using MakeVideo.Grains.Jobs;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace MakeVideo.UnitTests.Grains;

public sealed class StateWriterTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly List<TaskCompletionSource> _writes = [];

    [Fact]
    public async Task Changes_within_a_moment_share_a_write()
    {
        var writer = Writer();
        await writer.SaveSoonAsync();
        await writer.SaveSoonAsync();
        Assert.Empty(_writes);

        _clock.Advance(TimeSpan.FromMilliseconds(250));
        await WrittenAsync(1);
        await writer.FlushAsync();
        Assert.Single(_writes);
    }

    [Fact]
    public async Task A_flush_does_not_wait_for_the_moment_to_pass()
    {
        var writer = Writer();
        await writer.SaveSoonAsync();
        var flush = writer.FlushAsync();
        await WrittenAsync(1);
        await flush;
        Assert.Single(_writes);
    }

    [Fact]
    public async Task What_changes_during_a_write_is_written_after_it_and_a_save_then_does_not_pause()
    {
        var writer = Writer();
        var first = writer.SaveAsync();
        var second = writer.SaveAsync();
        Assert.Single(_writes);
        _writes[0].SetResult();
        await first;
        await WrittenAsync(2);
        await second;
    }

    [Fact]
    public async Task A_write_that_failed_is_told_once_more_and_made_up_for_by_the_next_save()
    {
        var writer = Writer();
        var lost = writer.SaveAsync();
        _writes[0].SetException(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => lost);
        await Assert.ThrowsAsync<TimeoutException>(writer.SaveSoonAsync);

        var flush = writer.FlushAsync();
        await WrittenAsync(2);
        await flush;
        await writer.SaveSoonAsync();
    }

    [Fact]
    public async Task What_is_forgotten_is_not_written()
    {
        var writer = Writer();
        await writer.SaveSoonAsync();
        await writer.ForgetAsync();
        _clock.Advance(TimeSpan.FromSeconds(1));
        await writer.FlushAsync();
        Assert.Empty(_writes);
    }

    private StateWriter Writer() => new(
        () =>
        {
            _writes.Add(new(TaskCreationOptions.RunContinuationsAsynchronously));
            return _writes[^1].Task;
        },
        _clock);

    /// <summary>Waits for so many writes and lets the last succeed.</summary>
    private async Task WrittenAsync(int writes)
    {
        while (_writes.Count < writes)
        {
            await Task.Yield();
        }

        _writes[writes - 1].SetResult();
    }
}
