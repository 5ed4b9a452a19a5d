using CsCheck;
using MakeVideo.Media.Processes;
using Xunit;

namespace MakeVideo.UnitTests.Media.Processes;

public sealed class ParentMarkTests
{
    [Fact]
    public void A_mark_is_read_as_it_was_written() =>
        Gen.Select(Gen.Int[1, int.MaxValue], Gen.Long[0, long.MaxValue]).Sample((pid, started) => Assert.Equal(new ParentMark(pid, started), ParentMark.Parse(new ParentMark(pid, started).ToString())));

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("12")]
    [InlineData("12:")]
    [InlineData(":12")]
    [InlineData("-1:5")]
    [InlineData("1: 5")]
    [InlineData("1:5:6")]
    [InlineData("99999999999:5")]
    public void What_is_no_mark_names_nobody(string text) => Assert.Null(ParentMark.Parse(text));

    [Fact]
    public void Any_text_is_taken() => Gen.String.Sample(text => _ = ParentMark.Parse(text));

    [Fact]
    public void This_process_lives_and_one_of_another_time_does_not()
    {
        Assert.True(ParentMark.Own.Lives);
        Assert.False((ParentMark.Own with { Started = ParentMark.Own.Started + 1 }).Lives);
        Assert.False((ParentMark.Own with { Pid = int.MaxValue }).Lives);
    }

    [Theory]
    [InlineData("42 (sh) S 1 41 40 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4711 1 2")]
    [InlineData("42 (a) Z (1 2 3) S 1 41 40 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4711 1 2\n")]
    public void A_name_with_brackets_and_blanks_does_not_shift_the_fields(string line) => Assert.Equal(new ProcessStat(42, 'S', 41, 4711), ProcessStat.Parse(42, line));

    [Theory]
    [InlineData("")]
    [InlineData("42 (sh")]
    [InlineData("42 (sh) S 1 41")]
    [InlineData("42 (sh) S 1 x 40 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4711")]
    public void A_line_that_is_cut_is_none(string line) => Assert.Null(ProcessStat.Parse(42, line));
}
