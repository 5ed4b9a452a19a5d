namespace MakeVideo.Media.BurnedText;

/// <summary>
/// From the detector's map, a probability for each pixel, to boxes: the second half of differentiable binarization (Liao et al. 2020), for
/// text that stands upright, as burned-in text does.
/// </summary>
internal static class ProbabilityMap
{
    /// <summary>A pixel above it is text; PaddleOCR's <c>det_db_thresh</c>.</summary>
    private const float Pixel = 0.3f;

    /// <summary>A box below it is none; PaddleOCR's <c>det_db_box_thresh</c> is 0.6 for slanted boxes, which fit more tightly than upright ones.</summary>
    private const float Box = 0.5f;

    /// <summary>The map shows the core of a line; the line itself is larger by this share of area over perimeter. PaddleOCR's <c>det_db_unclip_ratio</c>.</summary>
    private const double Unclip = 1.5;

    /// <summary>Pixels; smaller is noise.</summary>
    private const int SmallestSide = 3;

    /// <summary>Boxes of one map, upper first.</summary>
    /// <param name="map">Row by row, 0 to 1; used up: what was visited is zero afterwards.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    public static List<TextBox> Boxes(Span<float> map, int width, int height)
    {
        var boxes = new List<TextBox>();
        var stack = new Stack<int>();
        for (var start = 0; start < map.Length; start++)
        {
            if (map[start] > Pixel && Component(map, start, width, height, stack) is { } box)
            {
                boxes.Add(box);
            }
        }

        return boxes;
    }

    private static TextBox? Component(Span<float> map, int start, int width, int height, Stack<int> stack)
    {
        int left = width, right = 0, top = height, bottom = 0;
        double sum = 0;
        Visit(map, start, stack, ref sum);
        while (stack.TryPop(out var at))
        {
            var (y, x) = Math.DivRem(at, width);
            (left, right, top, bottom) = (Math.Min(left, x), Math.Max(right, x), Math.Min(top, y), Math.Max(bottom, y));
            for (var v = Math.Max(0, y - 1); v <= Math.Min(height - 1, y + 1); v++)
            {
                for (var u = Math.Max(0, x - 1); u <= Math.Min(width - 1, x + 1); u++)
                {
                    Visit(map, (v * width) + u, stack, ref sum);
                }
            }
        }

        var (w, h) = (right - left + 1, bottom - top + 1);
        var score = (float)(sum / (w * h));
        if (w < SmallestSide || h < SmallestSide || score < Box)
        {
            return null;
        }

        var grow = (int)Math.Round(w * h * Unclip / (2.0 * (w + h)));
        var (x0, y0) = (Math.Max(0, left - grow), Math.Max(0, top - grow));
        return new TextBox(x0, y0, Math.Min(width, right + 1 + grow) - x0, Math.Min(height, bottom + 1 + grow) - y0, score);
    }

    private static void Visit(Span<float> map, int at, Stack<int> stack, ref double sum)
    {
        if (map[at] > Pixel)
        {
            sum += map[at];
            map[at] = 0;
            stack.Push(at);
        }
    }
}
