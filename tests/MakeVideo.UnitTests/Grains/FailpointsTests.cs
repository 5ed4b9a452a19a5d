using MakeVideo.Grains.Cluster;

namespace MakeVideo.UnitTests.Grains;

public sealed class FailpointsTests
{
    [Theory]
    [InlineData(null, null, true)]
    [InlineData("", null, true)]
    [InlineData("video-published:1", "1", true)]
    [InlineData("video-published:3:city of poison", "1", true)]
    [InlineData("video-published:1", null, false)]
    [InlineData("video-published:1", "yes", false)]
    [InlineData("video-published", "1", false)]
    [InlineData("video-published:0", "1", false)]
    [InlineData("video-published:-1", "1", false)]
    [InlineData("somewhere:1", "1", false)]
    public void A_failpoint_is_taken_in_tests_alone_and_only_when_it_is_one(string? point, string? testing, bool taken) =>
        Assert.Equal(taken, Failpoints.Problem(point, testing) is null);

    [Fact]
    public void A_point_that_nobody_asked_for_is_passed() => Failpoints.Reached(Failpoints.VideoPublished);
}
