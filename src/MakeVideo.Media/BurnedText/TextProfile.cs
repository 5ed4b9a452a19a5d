namespace MakeVideo.Media.BurnedText;

/// <summary>
/// Tells texts apart without reading them: where along a line its strokes are, above and below its middle. The same text keeps its profile when
/// it moves, grows, or changes colour; another text of the same width has another.
/// </summary>
internal sealed class TextProfile
{
    /// <summary>Along the line. Fine enough to tell letters of a short word, coarse enough for boxes that are off by a pixel.</summary>
    private const int Columns = 64;
    private const int Rows = 2;

    /// <summary>Columns that one box may be off against another of the same text.</summary>
    private const int Slack = 2;

    // Each row without its mean, padded so that it can be shifted.
    private readonly float[] _strokes = new float[Rows * Columns];

    private TextProfile()
    {
    }

    /// <summary>The profile of what stands in a box of a frame.</summary>
    public static TextProfile Of(Picture frame, TextBox box)
    {
        var profile = new TextProfile();
        Span<float> sums = stackalloc float[Rows * box.Width];
        for (var y = 0; y < box.Height; y++)
        {
            var row = sums.Slice(Math.Min(Rows - 1, y * Rows / box.Height) * box.Width, box.Width);
            var at = (((box.Y + y) * frame.Width) + box.X) * 3;
            var before = Luma(frame.Pixels, at);
            for (var x = 0; x < box.Width; x++, at += 3)
            {
                var luma = Luma(frame.Pixels, at);
                row[x] += Math.Abs(luma - before);
                before = luma;
            }
        }

        for (var row = 0; row < Rows; row++)
        {
            Resample(sums.Slice(row * box.Width, box.Width), profile._strokes.AsSpan(row * Columns, Columns));
        }

        return profile;
    }

    /// <summary>1 for the same text, about 0 for two that have nothing in common.</summary>
    /// <param name="other">Compared with.</param>
    /// <param name="inPlace">Their boxes are known to be the same: nothing is allowed for boxes that are off.</param>
    public double Likeness(TextProfile other, bool inPlace = false)
    {
        var best = -1.0;
        var slack = inPlace ? 0 : Slack;
        for (var shift = -slack; shift <= slack; shift++)
        {
            best = Math.Max(best, Correlation(other, shift));
        }

        return best;
    }

    private double Correlation(TextProfile other, int shift)
    {
        double product = 0, mine = 1e-6, theirs = 1e-6;
        for (var row = 0; row < Rows; row++)
        {
            for (var column = Math.Max(0, -shift); column < Math.Min(Columns, Columns - shift); column++)
            {
                var (a, b) = (_strokes[(row * Columns) + column], other._strokes[(row * Columns) + column + shift]);
                product += a * b;
                mine += a * a;
                theirs += b * b;
            }
        }

        return product / Math.Sqrt(mine * theirs);
    }

    private static void Resample(ReadOnlySpan<float> from, Span<float> to)
    {
        var mean = 0f;
        for (var column = 0; column < to.Length; column++)
        {
            var (start, end) = ((double)column * from.Length / to.Length, (column + 1.0) * from.Length / to.Length);
            double sum = 0;
            for (var x = (int)start; x < Math.Min(from.Length, Math.Ceiling(end)); x++)
            {
                sum += from[x] * (Math.Min(end, x + 1) - Math.Max(start, x));
            }

            to[column] = (float)(sum / (end - start));
            mean += to[column] / to.Length;
        }

        for (var column = 0; column < to.Length; column++)
        {
            to[column] -= mean;
        }
    }

    // Twice green, as eyes weigh it.
    private static int Luma(byte[] pixels, int at) => (pixels[at] + (2 * pixels[at + 1]) + pixels[at + 2]) / 4;
}
