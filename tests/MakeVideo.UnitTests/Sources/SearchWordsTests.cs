using CsCheck;
using MakeVideo.Sources.Library;
using Xunit;

namespace MakeVideo.UnitTests.Sources;

public sealed class SearchWordsTests
{
    [Theory]
    [InlineData("car-detection", "car detection")]
    [InlineData("SunsetOverParis_02", "sunset over paris 02")]
    [InlineData("HTTPServer", "http server")]
    [InlineData("beach2", "beach 2")]
    [InlineData("4k", "4k")]
    [InlineData("Café crème, ÉTÉ", "cafe creme ete")]
    [InlineData("Cafe\u0301", "cafe")]
    [InlineData("São Tomé; Łódź", "sao tome lodz")]
    [InlineData("Straße", "strasse")]
    [InlineData("可爱的cat猫", "可 爱 的 cat 猫")]
    [InlineData(" ..//__ ", "")]
    public void Text_is_cut_and_folded(string text, string words) => Assert.Equal(words, string.Join(' ', SearchWords.Of(text)));

    [Theory]
    [InlineData("books", "book")]
    [InlineData("cities", "city")]
    [InlineData("boxes", "box")]
    [InlineData("houses", "house")]
    [InlineData("movies", "movie")]
    [InlineData("glasses", "glass")]
    [InlineData("buses", "bus")]
    [InlineData("boys", "boy")]
    public void Plural_and_singular_share_a_stem(string plural, string singular) => Assert.Equal(SearchWords.Stem(singular), SearchWords.Stem(plural));

    [Theory]
    [InlineData("walk", "walking", 1)]
    [InlineData("detect", "detection", 1)]
    [InlineData("night", "night", 2)]
    [InlineData("car", "card", 0)]
    [InlineData("book", "bookseller", 0)]
    public void Endings_are_forgiven_within_reason(string asked, string offered, int closeness) =>
        Assert.Equal(closeness, SearchWords.Closeness(SearchWords.Stem(asked), SearchWords.Stem(offered)));

    [Fact]
    public void Words_of_words_are_the_same_words() => Gen.String.Sample(text =>
    {
        var once = SearchWords.Of(text).ToList();
        Assert.All(once, word => Assert.NotEmpty(word));
        Assert.Equal(once, once.SelectMany(SearchWords.Of));
    });
}
