using MakeVideo.Grains.Cluster;
using Microsoft.Extensions.Time.Testing;

namespace MakeVideo.UnitTests.Grains;

public sealed class StoreClockTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void A_host_whose_clock_is_an_hour_off_has_the_stores_time(int hours)
    {
        var host = new FakeTimeProvider();
        var store = host.GetUtcNow().AddHours(hours);
        var time = new StoreClock(host);
        Assert.Equal(host.GetUtcNow(), time.Now);

        time.Set(store);
        host.Advance(TimeSpan.FromSeconds(7));

        Assert.Equal(store.AddSeconds(7), time.Now);
    }
}
