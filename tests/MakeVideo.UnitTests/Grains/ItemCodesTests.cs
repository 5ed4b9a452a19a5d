using MakeVideo.Contracts;
using MakeVideo.Grains.Jobs;

namespace MakeVideo.UnitTests.Grains;

public sealed class ItemCodesTests
{
    /// <summary>Letters that stored states hold: they never change their meaning.</summary>
    [Theory]
    [InlineData('A', FailureCodes.ClipMissing)]
    [InlineData('B', FailureCodes.ClipEmpty)]
    [InlineData('C', FailureCodes.ClipTooLarge)]
    [InlineData('D', FailureCodes.ClipUnreadable)]
    [InlineData('E', FailureCodes.ClipNoVideo)]
    [InlineData('F', FailureCodes.ClipTooSmall)]
    [InlineData('G', FailureCodes.ClipTooShort)]
    [InlineData('H', FailureCodes.ClipCorrupt)]
    [InlineData('I', FailureCodes.ClipFormatRefused)]
    [InlineData('J', FailureCodes.ClipHasText)]
    [InlineData('K', FailureCodes.ClipUnwanted)]
    public void A_rejection_keeps_its_letter(char letter, string code)
    {
        Assert.Equal(letter, ItemCodes.OfRejection(code));
        Assert.Equal((ItemStatus.Rejected, code), ItemCodes.Read(letter));
    }

    [Theory]
    [InlineData('.', ItemStatus.Waiting)]
    [InlineData('w', ItemStatus.Working)]
    [InlineData('d', ItemStatus.Done)]
    [InlineData('r', ItemStatus.Reused)]
    [InlineData('f', ItemStatus.Failed)]
    [InlineData('Z', ItemStatus.Rejected)]
    [InlineData('Y', ItemStatus.Waiting)] // a rejection of a newer version: looked at again
    [InlineData('\0', ItemStatus.Waiting)]
    public void A_letter_says_where_an_item_stands(char letter, ItemStatus status) => Assert.Equal(status, ItemCodes.Read(letter).Status);

    [Fact]
    public void Codes_grow_to_the_item_that_is_noted()
    {
        var codes = ItemCodes.With(ItemCodes.With("", 3, ItemCodes.Done), 0, ItemCodes.Working);

        Assert.Equal("w..d", codes);
        Assert.Equal(ItemCodes.Waiting, ItemCodes.At(codes, 99));
    }
}
