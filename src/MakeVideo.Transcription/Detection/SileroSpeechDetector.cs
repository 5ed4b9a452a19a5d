using System.Collections.Immutable;
using MakeVideo.Contracts;
using Microsoft.ML.OnnxRuntime;

namespace MakeVideo.Transcription;

/// <summary>Silero VAD v5: the probability of speech for every 32 ms, turned into spans with hysteresis.</summary>
internal sealed class SileroSpeechDetector(ModelFiles models) : ISpeechDetector, IDisposable
{
    /// <summary>Samples a window, and those before it that the model also wants to see; fixed by the model for 16 kHz.</summary>
    private const int Window = 512;
    private const int Context = 64;
    private const int StateSize = 2 * 128;

    private readonly Lazy<InferenceSession> _session = new(() => OnnxSession.Open(File.ReadAllBytes(models.Locate(ModelFiles.Silero)), 1));

    public async Task<Outcome<ImmutableArray<SpeechSpan>>> DetectAsync(SpeechAudio audio, IProgress<double>? progress, CancellationToken cancellation)
    {
        if (models.Missing(ModelFiles.Silero) is { } missing)
        {
            return missing;
        }

        // Off the caller's scheduler: an hour of audio is a minute of arithmetic.
        var probabilities = await Task.Run(() => Probabilities(audio, progress, cancellation), cancellation);
        return SpeechSpans.Of(probabilities, (double)Window / SpeechAudio.Rate, audio.Duration);
    }

    public void Dispose()
    {
        if (_session.IsValueCreated)
        {
            _session.Value.Dispose();
        }
    }

    private float[] Probabilities(SpeechAudio audio, IProgress<double>? progress, CancellationToken cancellation)
    {
        var probabilities = new float[(audio.Samples + Window - 1) / Window];
        var input = new float[Context + Window];
        var state = new float[StateSize];
        using var options = new RunOptions();
        using var rate = OrtValue.CreateTensorValueFromMemory(new long[] { SpeechAudio.Rate }, [1]);
        for (var i = 0; i < probabilities.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            audio.Read(((long)i * Window) - Context, input);
            using var samples = OrtValue.CreateTensorValueFromMemory(input, [1, Context + Window]);
            using var before = OrtValue.CreateTensorValueFromMemory(state, [2, 1, 128]);
            using var outputs = _session.Value.Run(options, ["input", "state", "sr"], [samples, before, rate], ["output", "stateN"]);
            probabilities[i] = outputs[0].GetTensorDataAsSpan<float>()[0];
            outputs[1].GetTensorDataAsSpan<float>().CopyTo(state);
            if (i % 256 == 0)
            {
                progress?.Report((double)i / probabilities.Length);
            }
        }

        progress?.Report(1);
        return probabilities;
    }
}
