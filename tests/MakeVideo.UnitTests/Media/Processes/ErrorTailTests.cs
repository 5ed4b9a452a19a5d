using CsCheck;
using MakeVideo.Media.Processes;
using Xunit;

namespace MakeVideo.UnitTests.Media.Processes;

public sealed class ErrorTailTests
{
    [Fact]
    public void The_last_16_K_characters_are_kept_however_they_come() => Gen.Int[0, 40_000].Array[0, 6].Sample(lengths =>
    {
        var tail = new ErrorTail();
        var all = "";
        foreach (var length in lengths)
        {
            var text = string.Concat(Enumerable.Range(all.Length, length).Select(index => (char)('a' + (index % 26))));
            tail.Add(text);
            all += text;
        }

        Assert.Equal(all[^Math.Min(all.Length, 16 * 1024)..], tail.ToString());
    }, iter: 100);
}
