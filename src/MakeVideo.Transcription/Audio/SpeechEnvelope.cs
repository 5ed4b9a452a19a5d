using System.Numerics.Tensors;

namespace MakeVideo.Transcription;

/// <summary>Loudness of a stretch of audio, frame by frame.</summary>
/// <param name="Start">Seconds from the start of the audio.</param>
/// <param name="Levels">dB below full scale, one a <see cref="Step"/>; -100 for digital silence.</param>
internal sealed record SpeechEnvelope(double Start, float[] Levels)
{
    /// <summary>Seconds of one frame.</summary>
    public const double Step = 0.010;

    private const int Frame = SpeechAudio.Rate / 100;
    private const int FramesPerRead = 1000;

    /// <summary>Reads 10 s at a time.</summary>
    /// <param name="audio">Where from.</param>
    /// <param name="start">Seconds.</param>
    /// <param name="end">Seconds.</param>
    public static SpeechEnvelope Read(SpeechAudio audio, double start, double end)
    {
        var levels = new float[Math.Max(1, (int)Math.Ceiling((end - start) / Step))];
        var samples = new float[FramesPerRead * Frame];
        var first = (long)Math.Round(start * SpeechAudio.Rate);
        for (var at = 0; at < levels.Length; at++)
        {
            var offset = at % FramesPerRead * Frame;
            if (offset == 0)
            {
                audio.Read(first + ((long)at * Frame), samples);
            }

            var power = TensorPrimitives.SumOfSquares<float>(samples.AsSpan(offset, Frame)) / Frame;
            levels[at] = 10 * MathF.Log10(power + 1e-10f);
        }

        return new SpeechEnvelope(start, levels);
    }

    /// <summary>Seconds at which frame <paramref name="index"/> begins.</summary>
    public double Time(int index) => Start + (index * Step);
}
