using MakeVideo.Contracts;
using MakeVideo.Terminal.Make;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace MakeVideo.UnitTests.Terminal;

public sealed class FoundationTests
{
    private readonly FakeTimeProvider _clock = new();
    private long _free = 1L << 30;
    private bool _answers = true;

    [Fact]
    public async Task Work_stops_while_there_is_still_room_to_write_that_down()
    {
        using var foundation = new Foundation(() => _free, () => _answers, _clock);
        Pass(foundation, 3);
        Assert.Null(foundation.Trouble);

        _free = Foundation.LeastFree - 1;
        var watch = foundation.WatchAsync(TestContext.Current.CancellationToken);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await watch;

        Assert.True(foundation.Gone.IsCancellationRequested);
        Assert.Equal(FailureCodes.DiskFull, foundation.Code);
        Assert.Contains("127 MB left", foundation.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_may_miss_some_looks_but_is_not_waited_for_without_end()
    {
        using var foundation = new Foundation(() => _free, () => _answers, _clock);
        _answers = false;
        Pass(foundation, 8);
        _answers = true;
        Pass(foundation, 2);
        _answers = false;
        Pass(foundation, 8);
        Assert.Null(foundation.Trouble);

        Pass(foundation, 4);

        Assert.Equal(FailureCodes.StoreUnavailable, foundation.Code);
    }

    [Fact]
    public async Task A_job_that_is_over_is_watched_no_more()
    {
        using var over = new CancellationTokenSource();
        using var foundation = new Foundation(() => _free, () => _answers, _clock);
        var watch = foundation.WatchAsync(over.Token);

        await over.CancelAsync();
        await watch;

        Assert.Null(foundation.Trouble);
    }

    private void Pass(Foundation foundation, int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            foundation.Look();
        }
    }
}
