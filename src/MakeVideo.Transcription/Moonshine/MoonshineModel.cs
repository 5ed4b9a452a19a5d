using System.Globalization;
using System.Numerics.Tensors;
using System.Text;
using Microsoft.ML.OnnxRuntime;

namespace MakeVideo.Transcription;

/// <summary>The two ONNX graphs and the vocabulary. Greedy decoding with a key-value cache; thread-safe, as its sessions are.</summary>
internal sealed class MoonshineModel : IDisposable
{
    private const int Layers = 6;
    private const int Heads = 8;
    private const int HeadSize = 36;
    private const int StartToken = 1;
    private const int EndToken = 2;

    /// <summary>Tokens a second of speech; nobody speaks faster, and a decoder in a loop stops there (the model's authors' own bound).</summary>
    private const int TokensPerSecond = 6;

    /// <summary>The same token this often in a row is a loop, not speech.</summary>
    private const int MostRepeats = 6;

    private const int Threads = 2;

    private static readonly string[] Kinds = ["decoder.key", "decoder.value", "encoder.key", "encoder.value"];
    private static readonly string[] CacheNames = [.. Enumerable.Range(0, Layers).SelectMany(layer => Kinds.Select(kind => $"{layer}.{kind}"))];

    private readonly InferenceSession _encoder;
    private readonly InferenceSession _decoder;
    private readonly string[] _vocabulary;

    private MoonshineModel(InferenceSession encoder, InferenceSession decoder, string[] vocabulary) =>
        (_encoder, _decoder, _vocabulary) = (encoder, decoder, vocabulary);

    public static MoonshineModel Open(ModelFiles models) => new(
        OnnxSession.Open(File.ReadAllBytes(models.Locate(ModelFiles.MoonshineEncoder)), Threads),
        OnnxSession.Open(File.ReadAllBytes(models.Locate(ModelFiles.MoonshineDecoder)), Threads),
        File.ReadAllLines(models.Locate(ModelFiles.MoonshineVocabulary)));

    /// <summary>What is said in the samples.</summary>
    /// <param name="samples">-1..1 at 16 kHz.</param>
    /// <param name="cancellation">Noticed between tokens.</param>
    public string Decode(float[] samples, CancellationToken cancellation)
    {
        using var options = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(samples, [1, samples.Length]);
        using var encoded = _encoder.Run(options, ["input_values"], [input], ["last_hidden_state"]);
        var cache = CacheNames.Select(_ => OrtValue.CreateTensorValueFromMemory(Array.Empty<float>(), [0, Heads, 1, HeadSize])).ToArray();
        var tokens = new List<int>();
        try
        {
            var limit = Math.Max(2, samples.Length * TokensPerSecond / SpeechAudio.Rate);
            for (var token = StartToken; tokens.Count < limit;)
            {
                cancellation.ThrowIfCancellationRequested();
                token = Step(options, token, encoded[0], cache, first: tokens.Count == 0);
                if (token == EndToken || IsLoop(tokens, token))
                {
                    break;
                }

                tokens.Add(token);
            }
        }
        finally
        {
            Array.ForEach(cache, value => value.Dispose());
        }

        return Text(tokens);
    }

    public void Dispose()
    {
        _encoder.Dispose();
        _decoder.Dispose();
    }

    private int Step(RunOptions options, int token, OrtValue encoded, OrtValue[] cache, bool first)
    {
        using var id = OrtValue.CreateTensorValueFromMemory(new long[] { token }, [1, 1]);
        using var useCache = OrtValue.CreateTensorValueFromMemory(new[] { !first }, [1]);
        using var outputs = _decoder.Run(
            options,
            ["input_ids", "encoder_hidden_states", "use_cache_branch", .. CacheNames.Select(name => "past_key_values." + name)],
            [id, encoded, useCache, .. cache],
            ["logits", .. CacheNames.Select(name => "present." + name)]);
        for (var i = 0; i < cache.Length; i++)
        {
            // The encoder's keys never change: they come once, with the first step.
            if (first || !CacheNames[i].Contains("encoder", StringComparison.Ordinal))
            {
                cache[i].Dispose();
                cache[i] = Copy(outputs[i + 1]);
            }
        }

        return TensorPrimitives.IndexOfMax(outputs[0].GetTensorDataAsSpan<float>());
    }

    // The outputs are freed with their collection; what the next step needs is kept in memory of its own.
    private static OrtValue Copy(OrtValue value) =>
        OrtValue.CreateTensorValueFromMemory(value.GetTensorDataAsSpan<float>().ToArray(), value.GetTensorTypeAndShape().Shape);

    private static bool IsLoop(List<int> tokens, int token) =>
        tokens.Count >= MostRepeats && tokens[^MostRepeats..].TrueForAll(last => last == token);

    // Sentence pieces: a low line opens a word, <0xNN> is one byte of a character that has no piece.
    private string Text(List<int> tokens)
    {
        var bytes = new List<byte>();
        foreach (var token in tokens.Where(token => token < _vocabulary.Length))
        {
            var piece = _vocabulary[token];
            if (piece is ['<', '0', 'x', var high, var low, '>'])
            {
                bytes.Add(byte.Parse($"{high}{low}", NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(piece.Replace('▁', ' ')));
            }
        }

        return Encoding.UTF8.GetString([.. bytes]).Trim();
    }
}
