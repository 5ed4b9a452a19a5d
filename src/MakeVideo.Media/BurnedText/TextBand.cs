namespace MakeVideo.Media.BurnedText;

/// <summary>The lines that appear at one height of the picture, one a frame at most, and how much they look like subtitles: 0 to 1.</summary>
/// <param name="Score">See <see cref="Around"/>.</param>
/// <param name="Lines">Those that stand in line with each other.</param>
internal sealed record TextBand(double Score, List<Sighting> Lines)
{
    /// <summary>Boxes of one line may differ in height by this: letters without and with strokes above and below.</summary>
    private const double Flattest = 0.65;
    private const double Tallest = 1.5;

    /// <summary>Share of the lines that share a centre or a left edge, at and above which nothing is held against the band.</summary>
    private const double WellAligned = 0.8;

    /// <summary>Share above which words that stand for one frame only count too: quick single-word captions are centred to the pixel.</summary>
    private const double StrictlyAligned = 0.95;

    /// <summary>Frames with text at and above which nothing is held against the band: two subtitles of two thirds of a second.</summary>
    private const int EnoughFrames = 4;

    /// <summary>Shares of the picture's width: captions are wide, counters and what looks like letters in a pattern are narrow.</summary>
    private const double Narrow = 0.06;
    private const double Wide = 0.12;

    /// <summary>Heights of text that a word is wide: most are more than two, blocks of a pattern are one.</summary>
    private const double Square = 1.2;
    private const double Long = 2;

    /// <summary>A line that ends this near to both edges of the picture, in shares of its width, goes on beyond them: a news crawl.</summary>
    private const double Edge = 0.02;
    private const double CrawlTime = 0.4;

    public static TextBand None { get; } = new(0, []);

    /// <summary>
    /// The band at the height of one box. Its score is the detector's confidence, less for each way in which it is unlike subtitles: fewer than
    /// two different texts, few frames, lines that do not share a centre or an edge, words that are narrow or square. Text that moves through the picture shares
    /// none; text that stands still is no change; a pattern taken for text does not come back to its place.
    /// </summary>
    /// <param name="seed">The box.</param>
    /// <param name="sightings">Without what stands still, in order of frames.</param>
    /// <param name="frames">Frames looked at.</param>
    /// <param name="width">Pixels of the picture.</param>
    public static TextBand Around(TextBox seed, List<Sighting> sightings, int frames, int width)
    {
        var lines = sightings
            .Where(sighting => Math.Abs(sighting.Box.CentreY - seed.CentreY) <= (0.3 * seed.Height) + 1
                && (double)sighting.Box.Height / seed.Height is >= Flattest and <= Tallest)
            .GroupBy(sighting => sighting.Frame, (_, same) => same.MaxBy(line => line.Box.Width)!).ToList();
        if (lines.Count < 3)
        {
            return None;
        }

        var crawl = lines.Where(line => line.Box.X <= Edge * width && line.Box.Right >= (1 - Edge) * width).ToList();
        var crawls = crawl.Count >= CrawlTime * frames;
        var aligned = crawls ? crawl : Aligned(lines, Math.Max(2, 0.3 * seed.Height));
        var alignment = crawls ? 1 : (double)aligned.Count / lines.Count;
        var texts = TextChange.Count(aligned, crawls || alignment >= StrictlyAligned);
        var words = aligned.Select(line => line.Word).ToList();
        return new(
            aligned.Average(line => line.Box.Score) * Full(texts - 1) * Full(alignment / WellAligned)
                * Full((double)aligned.Count / EnoughFrames) * Full((Middling(words, box => (double)box.Width / width) - Narrow) / (Wide - Narrow))
                * Full((Middling(words, box => (double)box.Width / box.Height) - Square) / (Long - Square)),
            aligned);
    }

    private static double Middling(List<TextBox> boxes, Func<TextBox, double> of) => boxes.Select(of).Order().ElementAt(boxes.Count / 2);

    private static double Full(double share) => Math.Clamp(share, 0, 1);

    private static List<Sighting> Aligned(List<Sighting> lines, double slack)
    {
        var (centred, left) = (Most(line => line.Box.CentreX), Most(line => line.Box.X));
        return centred.Count >= left.Count ? centred : left;

        List<Sighting> Most(Func<Sighting, double> at) =>
            lines.Select(line => lines.Where(other => Math.Abs(at(other) - at(line)) <= slack).ToList()).MaxBy(same => same.Count)!;
    }
}
