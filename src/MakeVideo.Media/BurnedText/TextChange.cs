namespace MakeVideo.Media.BurnedText;

/// <summary>Counts the different texts that stand in one band, one after the other.</summary>
internal static class TextChange
{
    /// <summary>Profiles less alike are of two texts. Compared with the latest sighting, so that a text which grows or turns stays the same one.</summary>
    private const double Alike = 0.4;

    /// <summary>Pixels, and frames, that two sightings of a text which stands still may be apart.</summary>
    private const int Still = 3;
    private const int Soon = 2;

    /// <summary>What a text that was seen once is worth, where that is worth anything.</summary>
    private const double Once = 0.3;

    /// <summary>Texts that stood still for two frames, and a share for each that was seen once if <paramref name="fleeting"/>.</summary>
    public static double Count(List<Sighting> lines, bool fleeting)
    {
        var texts = new List<Text>();
        foreach (var line in lines)
        {
            var (known, likeness) = texts.Select(text => (text, text.Line.Profile.Likeness(line.Profile))).DefaultIfEmpty().MaxBy(pair => pair.Item2);
            if (known is null || likeness < Alike)
            {
                texts.Add(new(line));
                continue;
            }

            known.Stood |= line.Frame - known.Line.Frame <= Soon && Math.Abs(line.Box.X - known.Line.Box.X) <= Still && Math.Abs(line.Box.Right - known.Line.Box.Right) <= Still;
            known.Line = line;
        }

        var stood = texts.Count(text => text.Stood);
        return stood + (fleeting ? Once * (texts.Count - stood) : 0);
    }

    private sealed class Text(Sighting line)
    {
        public Sighting Line { get; set; } = line;

        public bool Stood { get; set; }
    }
}
