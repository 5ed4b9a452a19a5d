using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace MakeVideo.Transcription;

/// <summary>What the model said about one stretch of audio.</summary>
/// <param name="Tokens">Without start and end token.</param>
/// <param name="Attention">For each token and, last, for the end: [aligning head][encoder frame].</param>
/// <param name="Confidence">Mean natural logarithm of the tokens' probabilities; 0 is certain.</param>
internal sealed record DecodedSpeech(IReadOnlyList<int> Tokens, IReadOnlyList<float[][]> Attention, double Confidence);

/// <summary>Greedy decoding of one stretch of audio, as useful-sensors/moonshine does it, with its key-value cache.</summary>
internal sealed class MoonshineDecoding(MoonshineModel model)
{
    private const int StartToken = 1;
    private const int EndToken = 2;
    private const int HeadSize = 36;

    // People say up to 5 words a second; beyond that the model babbles.
    private const double TokensPerSecond = 6;

    private static readonly string[] Caches =
        [.. Enumerable.Range(0, MoonshineModel.Layers).SelectMany(layer => new[] { "decoder.key", "decoder.value", "encoder.key", "encoder.value" }.Select(part => $"{layer}.{part}"))];

    private static readonly string[] Inputs = ["input_ids", "encoder_hidden_states", "use_cache_branch", .. Caches.Select(cache => "past_key_values." + cache)];
    private static readonly string[] Outputs = ["logits", .. Caches.Select(cache => "present." + cache), .. MoonshineModel.CrossAttentions];

    /// <summary>Decodes at most 6 tokens a second.</summary>
    /// <param name="samples">16 kHz, -1..1, at least a second.</param>
    /// <param name="cancellation">Checked at each token.</param>
    public DecodedSpeech Decode(float[] samples, CancellationToken cancellation)
    {
        using var run = new RunOptions();
        using var audio = OrtValue.CreateTensorValueFromMemory(samples, [1, samples.Length]);
        using var encoded = model.Encoder.Run(run, ["input_values"], [audio], ["last_hidden_state"]);

        var token = new long[] { StartToken };
        var cached = new[] { false };
        using var tokenInput = OrtValue.CreateTensorValueFromMemory(token, [1, 1]);
        using var cachedInput = OrtValue.CreateTensorValueFromMemory(cached, [1]);
        var past = Caches.Select(_ => OrtValue.CreateTensorValueFromMemory(Array.Empty<float>(), [0, MoonshineModel.Heads, 1, HeadSize])).ToArray();

        var tokens = new List<int>();
        var attention = new List<float[][]>();
        var confidence = 0.0;
        try
        {
            for (var limit = (int)(samples.Length * TokensPerSecond / SpeechAudio.Rate); attention.Count < limit;)
            {
                cancellation.ThrowIfCancellationRequested();
                using var outputs = model.Decoder.Run(run, Inputs, [tokenInput, encoded[0], cachedInput, .. past], Outputs);
                var (next, probability) = Best(outputs[0].GetTensorDataAsSpan<float>());
                confidence += Math.Log(probability);
                attention.Add(Rows(outputs));
                KeepCaches(past, outputs, first: !cached[0]);
                if (next == EndToken)
                {
                    break;
                }

                tokens.Add(next);
                if (RepetitionGuard.Surplus(tokens) is > 0 and var surplus)
                {
                    tokens.RemoveRange(tokens.Count - surplus, surplus);
                    attention.RemoveRange(tokens.Count, surplus);
                    break;
                }

                (token[0], cached[0]) = (next, true);
            }
        }
        finally
        {
            foreach (var value in past)
            {
                value.Dispose();
            }
        }

        return new DecodedSpeech(tokens, attention, attention.Count == 0 ? double.NegativeInfinity : confidence / attention.Count);
    }

    private static (int Token, double Probability) Best(ReadOnlySpan<float> logits)
    {
        var best = TensorPrimitives.IndexOfMax(logits);
        var top = logits[best];
        var sum = 0.0;
        foreach (var logit in logits)
        {
            sum += Math.Exp(logit - top);
        }

        return (best, 1 / sum);
    }

    private static float[][] Rows(IReadOnlyList<OrtValue> outputs)
    {
        var rows = new float[MoonshineModel.AligningHeads.Length][];
        for (var row = 0; row < rows.Length; row++)
        {
            var weights = outputs[1 + Caches.Length + row].GetTensorDataAsSpan<float>();
            var frames = weights.Length / MoonshineModel.Heads;
            rows[row] = weights.Slice(MoonshineModel.AligningHeads[row].Head * frames, frames).ToArray();
        }

        return rows;
    }

    // The encoder's half of the cache comes from the first step only; afterwards the model returns it empty.
    private static void KeepCaches(OrtValue[] past, IDisposableReadOnlyCollection<OrtValue> outputs, bool first)
    {
        for (var i = 0; i < past.Length; i++)
        {
            if (first || i % 4 < 2)
            {
                past[i].Dispose();
                past[i] = Own(outputs[1 + i]);
            }
        }
    }

    private static OrtValue Own(OrtValue value)
    {
        var copy = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, value.GetTensorTypeAndShape().ElementDataType, value.GetTensorTypeAndShape().Shape);
        value.GetTensorDataAsSpan<float>().CopyTo(copy.GetTensorMutableDataAsSpan<float>());
        return copy;
    }
}
