namespace MakeVideo.Media.BurnedText;

/// <summary>Puts boxes that stand side by side together: the detector breaks one line of text now here, now there.</summary>
internal static class TextLines
{
    /// <summary>Heights of text between two boxes that still make one line.</summary>
    private const double WidestGap = 1.2;

    /// <summary>Heights that their middles may be apart, and how much lower one may be than the other.</summary>
    private const double Level = 0.35;
    private const double Flattest = 0.6;

    /// <summary>Lines of one frame, each with the widest box in it.</summary>
    public static List<(TextBox Line, TextBox Word)> Of(IEnumerable<TextBox> boxes)
    {
        var lines = new List<(TextBox Line, TextBox Word)>();
        foreach (var box in boxes.OrderBy(box => box.X))
        {
            var index = lines.FindIndex(line => Continues(line.Line, box));
            if (index < 0)
            {
                lines.Add((box, box));
                continue;
            }

            var (line, word) = lines[index];
            lines[index] = (Union(line, box), box.Width > word.Width ? box : word);
        }

        return lines;
    }

    private static bool Continues(TextBox line, TextBox box)
    {
        var (lower, higher) = (Math.Min(line.Height, box.Height), Math.Max(line.Height, box.Height));
        return lower >= Flattest * higher && Math.Abs(line.CentreY - box.CentreY) <= Level * higher && box.X - line.Right <= WidestGap * higher;
    }

    private static TextBox Union(TextBox one, TextBox other)
    {
        var (x, y) = (Math.Min(one.X, other.X), Math.Min(one.Y, other.Y));
        return new(
            x, y, Math.Max(one.Right, other.Right) - x, Math.Max(one.Bottom, other.Bottom) - y,
            ((one.Score * one.Width) + (other.Score * other.Width)) / (one.Width + other.Width));
    }
}
