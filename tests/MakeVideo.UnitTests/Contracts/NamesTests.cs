using MakeVideo.Contracts;

namespace MakeVideo.UnitTests.Contracts;

public sealed class NamesTests
{
    [Fact]
    public void Enum_names_are_those_of_the_api()
    {
        Assert.Equal(["9:16", "16:9", "1:1", "4:5"], ApiNames.All<AspectRatio>());
        Assert.Equal("generating_subtitles", ApiNames.Of(JobStatus.GeneratingSubtitles));
        Assert.Equal(CropPosition.Bottom, ApiNames.Parse<CropPosition>("bottom"));
        Assert.Null(ApiNames.Parse<CropPosition>("Bottom"));
        Assert.Null(ApiNames.Parse<CropPosition>("2"));
    }

    [Fact]
    public void Job_ids_are_valid_and_never_the_same()
    {
        var ids = Enumerable.Range(0, 1000).Select(_ => JobIds.Create()).ToList();

        Assert.Equal(1000, ids.Distinct().Count());
        Assert.All(ids, id => Assert.True(JobIds.IsValid(id)));
        Assert.All(["", "../../etc/passwd/aaaaaa", new string('a', 23), "0123456789ABCDEFGHIJé1", null!], id => Assert.False(JobIds.IsValid(id)));
    }

    [Theory]
    [InlineData(AspectRatio.Portrait9x16, 1080, 1920)]
    [InlineData(AspectRatio.Landscape16x9, 1920, 1080)]
    [InlineData(AspectRatio.Square1x1, 1080, 1080)]
    [InlineData(AspectRatio.Portrait4x5, 1080, 1350)]
    public void A_preview_has_the_shape_of_the_full_size(AspectRatio aspect, int width, int height)
    {
        var (full, preview) = (OutputFormat.For(aspect, Quality.Fast), OutputFormat.For(aspect, Quality.Preview));

        Assert.Equal((width, height), (full.Width, full.Height));
        Assert.Equal(full.Width * preview.Height, full.Height * preview.Width);
        Assert.Equal(360, Math.Min(preview.Width, preview.Height));
    }
}
