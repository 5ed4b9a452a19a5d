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

        Assert.Equal(rejection, state.RejectionAt(Noon.AddHours(hoursPast))?.Code);
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
