using MakeVideo.Media.BurnedText;

namespace MakeVideo.UnitTests.Media.BurnedText;

public sealed class ProbabilityMapTests
{
    private const int Width = 64;
    private const int Height = 48;

    [Fact]
    public void A_line_of_text_becomes_one_box_that_is_larger_than_its_core()
    {
        var map = Map((10, 20, 30, 4, 0.9f));

        var box = Assert.Single(ProbabilityMap.Boxes(map, Width, Height));

        // 30 x 4: grown by 120 x 1.5 / 68, which is 3 pixels, on every side.
        Assert.Equal((7, 17, 36, 10), (box.X, box.Y, box.Width, box.Height));
        Assert.Equal(0.9f, box.Score, 2);
    }

    [Fact]
    public void Lines_that_touch_nowhere_are_boxes_of_their_own_and_the_upper_comes_first() =>
        Assert.Equal([7, 27], ProbabilityMap.Boxes(Map((10, 10, 30, 4, 0.9f), (10, 30, 30, 4, 0.8f)), Width, Height).Select(box => box.Y));

    [Theory]
    [InlineData(10, 10, 2, 20, 0.9f)] // too narrow
    [InlineData(10, 10, 30, 2, 0.9f)] // too low
    [InlineData(10, 10, 30, 4, 0.4f)] // too unsure
    public void Noise_is_no_text(int x, int y, int w, int h, float value) => Assert.Empty(ProbabilityMap.Boxes(Map((x, y, w, h, value)), Width, Height));

    [Fact]
    public void A_slanted_stroke_fills_too_little_of_its_box()
    {
        var map = new float[Width * Height];
        for (var i = 0; i < 30; i++)
        {
            map[((i + 5) * Width) + i + 5] = 1;
        }

        Assert.Empty(ProbabilityMap.Boxes(map, Width, Height));
    }

    [Fact]
    public void A_box_ends_at_the_edges_of_the_picture()
    {
        var box = Assert.Single(ProbabilityMap.Boxes(Map((0, 40, Width, 8, 1)), Width, Height));

        Assert.Equal((0, Width, Height), (box.X, box.Right, box.Bottom));
    }

    private static float[] Map(params (int X, int Y, int Width, int Height, float Value)[] areas)
    {
        var map = new float[Width * Height];
        foreach (var area in areas)
        {
            for (var y = area.Y; y < area.Y + area.Height; y++)
            {
                map.AsSpan((y * Width) + area.X, area.Width).Fill(area.Value);
            }
        }

        return map;
    }
}
