using MakeVideo.Contracts;
using MakeVideo.Grains.Clips;

namespace MakeVideo.UnitTests.Grains;

public sealed class ClipStateTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(FailureCodes.ClipHasText, null, -1, FailureCodes.ClipHasText)]
    [InlineData(FailureCodes.ClipHasText, null, 1, null)] // expired
    [InlineData(FailureCodes.ClipHasText, ClipRuling.Accepted, -1, null)]
    [InlineData(FailureCodes.ClipCorrupt, ClipRuling.Accepted, -1, FailureCodes.ClipCorrupt)] // nobody can decide that a damaged clip is whole
    [InlineData(null, ClipRuling.Rejected, 0, FailureCodes.ClipUnwanted)]
    [InlineData(FailureCodes.ClipHasText, ClipRuling.Rejected, 1, FailureCodes.ClipUnwanted)]
    public void An_operators_word_counts_where_the_check_may_err(string? code, ClipRuling? ruling, int hoursPast, string? rejection)
    {
        var state = new ClipState { Rejection = code is null ? null : new(code, JobStage.DownloadingShorts, "Why."), ExpiresAt = Noon, Ruling = ruling };

        Assert.Equal(rejection, state.RejectionAt(Noon.AddHours(hoursPast), new())?.Code);
    }

    [Theory]
    [InlineData(true, 0.5, FailureCodes.ClipHasText)]
    [InlineData(true, 0.7, null)]
    [InlineData(false, 0.5, null)]
    public void Text_that_is_allowed_by_now_rejects_no_clip(bool enabled, double threshold, string? rejection)
    {
        var state = new ClipState { Rejection = new(FailureCodes.ClipHasText, JobStage.DownloadingShorts, "Why."), Text = new(0.6, 9, true, true, []), ExpiresAt = Noon };

        Assert.Equal(rejection, state.RejectionAt(Noon.AddHours(-1), new() { Enabled = enabled, Threshold = threshold })?.Code);
    }

    [Fact]
    public void A_cached_clip_is_held_against_the_threshold_of_now()
    {
        var state = new ClipState { Clip = new(new("library", "a", "a.mp4", "A"), "/clips/a", "00", 1, new(640, 480, 2.5, 30, "h264", "yuv420p")), Text = new(0.4, 9, false, true, []) };

        Assert.Null(state.RejectionAt(Noon, new()));
        Assert.Equal(FailureCodes.ClipHasText, state.RejectionAt(Noon, new() { Threshold = 0.3 })?.Code);
        state.Ruling = ClipRuling.Accepted;
        Assert.Null(state.RejectionAt(Noon, new() { Threshold = 0.3 }));
    }

    [Theory]
    [InlineData("a-B_9", true)]
    [InlineData("", false)]
    [InlineData("..", false)]
    [InlineData("a/b", false)]
    [InlineData("a\n", false)]
    [InlineData("é", false)]
    public void Nothing_but_letters_digits_dash_and_underline_names_a_clip(string id, bool valid)
    {
        Assert.Equal(valid, ClipIds.IsValid(id));
        Assert.False(ClipIds.IsValid(new string('a', 65)));
    }
}
