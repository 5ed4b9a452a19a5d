using MakeVideo.Media.BurnedText;

namespace MakeVideo.UnitTests.Media.BurnedText;

public sealed class TextBandTests
{
    private const int Width = 480;
    private const int Height = 288;
    private const int Frames = 24;

    [Fact]
    public void Subtitles_that_follow_each_other_in_one_place_are_seen() =>
        Assert.True(Score(frame => [At(text: frame / 4, centre: 240, width: 120 + (frame / 4 * 17), y: 250)]) > 0.8);

    [Fact]
    public void Two_lines_of_the_same_width_are_two_texts() =>
        Assert.True(Score(frame => [At(text: frame / 6, centre: 240, width: 180, y: 250)]) > 0.8);

    [Fact]
    public void Quick_words_are_seen_though_each_stands_for_one_frame() =>
        Assert.True(Score(frame => [At(text: frame, centre: 240, width: 60 + (frame * 7 % 50), y: 140)]) > 0.8);

    [Fact]
    public void A_logo_is_part_of_the_picture() => Assert.Equal(0, Score(_ => [At(text: 1, centre: 400, width: 90, y: 20)]));

    [Fact]
    public void A_logo_that_comes_late_is_no_change() => Assert.Equal(0, Score(frame => frame < 14 ? [] : [At(text: 1, centre: 400, width: 90, y: 20)]));

    [Fact]
    public void A_sign_that_the_camera_passes_is_one_text_that_moves() =>
        Assert.True(Score(frame => [At(text: 1, centre: 60 + (frame * 16), width: 90, y: 140)]) < 0.3);

    [Fact]
    public void A_sign_that_comes_nearer_is_one_text_that_grows() =>
        Assert.True(Score(frame => [At(text: 1, centre: 240, width: 80 + (frame * 2), y: 140)]) < 0.3);

    [Fact]
    public void A_counter_is_too_narrow_for_words() => Assert.True(Score(frame => [At(text: frame / 3, centre: 440, width: 26, y: 20)]) < 0.1);

    [Fact]
    public void What_a_texture_seems_to_say_comes_back_to_no_place()
    {
        var random = new Random(1);
        Assert.True(Score(frame => [At(text: frame, centre: random.Next(60, 420), width: random.Next(40, 110), y: random.Next(10, 270)), At(text: frame + 99, centre: random.Next(60, 420), width: random.Next(40, 110), y: random.Next(10, 270))]) < 0.3);
    }

    [Fact]
    public void Subtitles_are_seen_beside_a_logo() =>
        Assert.True(Score(frame => [At(text: 500, centre: 400, width: 90, y: 20), At(text: frame / 4, centre: 240, width: 120 + (frame / 4 * 17), y: 250)]) > 0.8);

    private static double Score(Func<int, IEnumerable<(int Text, TextBox Box)>> show)
    {
        var sightings = Enumerable.Range(0, Frames).SelectMany(frame => show(frame).Select(seen => new Sighting(frame, seen.Box, seen.Box, TextProfile.Of(Drawn(seen.Text, seen.Box), seen.Box))));
        var moving = StandingTexts.Without(sightings, Frames);
        return moving.Select(seed => TextBand.Around(seed.Box, moving, Frames, Width).Score).DefaultIfEmpty(0).Max();
    }

    private static (int Text, TextBox Box) At(int text, int centre, int width, int y) => (text, new(Math.Clamp(centre - (width / 2), 0, Width - width), y, width, 16, 0.9f));

    /// <summary>Strokes that are a text's own, drawn over the whole of its box.</summary>
    private static Picture Drawn(int text, TextBox box)
    {
        var picture = new Picture(Width, Height, new byte[Width * Height * 3]);
        var random = new Random(text);
        var strokes = Enumerable.Range(0, 48).Select(_ => random.Next(2) == 0 ? (byte)0 : (byte)random.Next(120, 256)).ToArray();
        for (var y = box.Y; y < box.Bottom; y++)
        {
            for (var x = box.X; x < box.Right; x++)
            {
                // Each stroke has a bright and a dark half.
                var place = (x - box.X) * 96 / box.Width;
                picture.Pixels.AsSpan(((y * Width) + x) * 3, 3).Fill(place % 2 == 0 ? strokes[place / 2] : (byte)0);
            }
        }

        return picture;
    }
}
