namespace MakeVideo.Media.BurnedText;

/// <summary>Sightings of one text in one place.</summary>
internal sealed class StandingText(Sighting first)
{
    /// <summary>Profiles less alike are of two texts: those of one text over a moving picture are mostly above, of two below 0.4.</summary>
    private const double Alike = 0.6;

    /// <summary>The same for boxes that are the same to the pixel: another text rarely fills the same one.</summary>
    private const double AlikeInPlace = 0.35;

    /// <summary>Heights of text that a box may be off, and heights that one in place may.</summary>
    private const double Off = 0.6;
    private const double InPlace = 0.15;

    private int _last = -1;

    public TextBox Box { get; } = first.Box;

    public List<Sighting> Sightings { get; } = [];

    /// <summary>Frames that it is seen in.</summary>
    public int Frames { get; private set; }

    /// <summary>How well a sighting fits: 0 when it is another text or in another place.</summary>
    public double Fit(Sighting sighting)
    {
        var box = sighting.Box;
        if (Math.Abs(box.CentreY - Box.CentreY) > 0.4 * Math.Max(box.Height, Box.Height))
        {
            return 0;
        }

        var off = Math.Max(Math.Abs(box.X - Box.X), Math.Abs(box.Right - Box.Right));
        var inPlace = off <= Math.Max(2, InPlace * Box.Height);
        if (!inPlace && off > Off * Box.Height)
        {
            return 0;
        }

        var (still, moved) = (inPlace ? sighting.Profile.Likeness(first.Profile, inPlace: true) : 0, sighting.Profile.Likeness(first.Profile));
        return still >= AlikeInPlace || moved >= Alike ? Math.Max(still, moved) : 0;
    }

    public void Add(Sighting sighting)
    {
        Sightings.Add(sighting);
        Frames += sighting.Frame == _last ? 0 : 1;
        _last = sighting.Frame;
    }
}

/// <summary>Tells what stands in one place most of the time (logos, clocks, signs in a still picture) from text that comes and goes.</summary>
internal static class StandingTexts
{
    /// <summary>Share of the frames above which a text is part of the picture.</summary>
    private const double MostOfTheTime = 0.6;

    private const int FewestFrames = 3;

    /// <summary>Share of a box within a standing text that makes it a piece of that.</summary>
    private const double Piece = 0.3;

    /// <summary>The sightings that are not of standing text.</summary>
    /// <param name="sightings">In order of frames.</param>
    /// <param name="frames">Frames looked at.</param>
    public static List<Sighting> Without(IEnumerable<Sighting> sightings, int frames)
    {
        var texts = new List<StandingText>();
        foreach (var sighting in sightings)
        {
            var (best, fit) = ((StandingText?)null, 0.0);
            foreach (var text in texts)
            {
                if (text.Fit(sighting) is > 0 and var likeness && likeness > fit)
                {
                    (best, fit) = (text, likeness);
                }
            }

            if (best is null)
            {
                best = new StandingText(sighting);
                texts.Add(best);
            }

            best.Add(sighting);
        }

        var standing = texts.Where(text => text.Frames >= Math.Max(FewestFrames, MostOfTheTime * frames)).ToHashSet();
        return
        [
            .. texts.Where(text => !standing.Contains(text) && !standing.Any(other => Overlap(text.Box, other.Box) > Piece * text.Box.Width * text.Box.Height))
                .SelectMany(text => text.Sightings).OrderBy(sighting => sighting.Frame),
        ];
    }

    private static int Overlap(TextBox one, TextBox other) =>
        Math.Max(0, Math.Min(one.Right, other.Right) - Math.Max(one.X, other.X)) * Math.Max(0, Math.Min(one.Bottom, other.Bottom) - Math.Max(one.Y, other.Y));
}
