namespace MakeVideo.Transcription;

/// <summary>
/// When each token was said, from what the decoder looked at: dynamic time warping over its cross-attention, as openai/whisper does for its word
/// times (whisper/timing.py): weights standardised over the tokens, smoothed over time, averaged over heads.
/// </summary>
internal static class TokenAlignment
{
    /// <summary>Seconds of one encoder frame: 384 samples, the product of the three convolution strides.</summary>
    public const double FrameSeconds = 384.0 / SpeechAudio.Rate;

    // Centre of the first frame's receptive field less half a frame: (447 - 192) samples.
    private const double FirstFrame = 255.0 / SpeechAudio.Rate;
    private const int MedianWidth = 7;

    /// <summary>Seconds from the start of the stretch at which each token begins; never decreasing.</summary>
    /// <param name="attention">For each token: [head][frame].</param>
    public static double[] Onsets(IReadOnlyList<float[][]> attention)
    {
        if (attention.Count == 0)
        {
            return [];
        }

        var cost = Cost(attention);
        var frames = Path(cost);
        return [.. frames.Select((frame, token) => token == 0 ? 0 : FirstFrame + (frame * FrameSeconds))];
    }

    private static float[][] Cost(IReadOnlyList<float[][]> attention)
    {
        var (tokens, heads, frames) = (attention.Count, attention[0].Length, attention[0][0].Length);
        var cost = new float[tokens][];
        for (var token = 0; token < tokens; token++)
        {
            cost[token] = new float[frames];
        }

        var standard = new float[tokens][];
        for (var head = 0; head < heads; head++)
        {
            for (var token = 0; token < tokens; token++)
            {
                standard[token] = (float[])attention[token][head].Clone();
            }

            Standardise(standard, frames);
            for (var token = 0; token < tokens; token++)
            {
                AddSmoothed(standard[token], cost[token]);
            }
        }

        return cost;
    }

    private static void Standardise(float[][] rows, int frames)
    {
        for (var frame = 0; frame < frames; frame++)
        {
            var (sum, squares) = (0.0, 0.0);
            foreach (var row in rows)
            {
                sum += row[frame];
                squares += (double)row[frame] * row[frame];
            }

            var mean = sum / rows.Length;
            var deviation = Math.Sqrt(Math.Max(squares / rows.Length - (mean * mean), 1e-12));
            foreach (var row in rows)
            {
                row[frame] = (float)((row[frame] - mean) / deviation);
            }
        }
    }

    private static void AddSmoothed(float[] row, float[] cost)
    {
        Span<float> window = stackalloc float[MedianWidth];
        for (var frame = 0; frame < row.Length; frame++)
        {
            for (var i = 0; i < MedianWidth; i++)
            {
                window[i] = row[Math.Clamp(frame + i - (MedianWidth / 2), 0, row.Length - 1)];
            }

            window.Sort();
            cost[frame] -= window[MedianWidth / 2];
        }
    }

    // First frame of each token on the cheapest monotone path.
    private static int[] Path(float[][] cost)
    {
        var (tokens, frames) = (cost.Length, cost[0].Length);
        var total = new float[tokens, frames];
        var step = new byte[tokens, frames];
        for (var token = 0; token < tokens; token++)
        {
            for (var frame = 0; frame < frames; frame++)
            {
                var stay = frame > 0 ? total[token, frame - 1] : float.PositiveInfinity;
                var next = token > 0 ? total[token - 1, frame] : float.PositiveInfinity;
                var both = token > 0 && frame > 0 ? total[token - 1, frame - 1] : float.PositiveInfinity;
                var least = token == 0 && frame == 0 ? 0 : Math.Min(stay, Math.Min(next, both));
                total[token, frame] = cost[token][frame] + least;
                step[token, frame] = both <= stay && both <= next ? (byte)2 : next < stay ? (byte)1 : (byte)0;
            }
        }

        var first = new int[tokens];
        for (var (token, frame) = (tokens - 1, frames - 1); token > 0 || frame > 0;)
        {
            first[token] = frame;
            (token, frame) = token == 0 ? (0, frame - 1)
                : frame == 0 ? (token - 1, 0)
                : step[token, frame] switch
                {
                    0 => (token, frame - 1),
                    1 => (token - 1, frame),
                    _ => (token - 1, frame - 1),
                };
        }

        first[0] = 0;
        return first;
    }
}
