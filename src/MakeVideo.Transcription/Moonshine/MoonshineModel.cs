using Microsoft.ML.OnnxRuntime;

namespace MakeVideo.Transcription;

/// <summary>Moonshine tiny's two ONNX sessions and its vocabulary: loaded once, shared by all jobs of the process (a session's runs are thread-safe).</summary>
internal sealed class MoonshineModel : IDisposable
{
    /// <summary>Decoder layers.</summary>
    public const int Layers = 6;

    /// <summary>Attention heads of a layer.</summary>
    public const int Heads = 8;

    // Two threads finish a span in a third less time than one; more would starve ffmpeg.
    private const int Threads = 2;

    private MoonshineModel(InferenceSession encoder, InferenceSession decoder, MoonshineVocabulary vocabulary) =>
        (Encoder, Decoder, Vocabulary) = (encoder, decoder, vocabulary);

    public InferenceSession Encoder { get; }

    /// <summary>With <see cref="CrossAttentions"/> among its outputs.</summary>
    public InferenceSession Decoder { get; }

    public MoonshineVocabulary Vocabulary { get; }

    /// <summary>
    /// The attention heads that look where the word is being said, as (layer, head). Of all 48, on 18 passages of three synthetic voices with known
    /// onsets, these three together come nearest: 45 ms off on average, against 119 ms for all heads and 106 ms for the words' lengths alone.
    /// </summary>
    public static (int Layer, int Head)[] AligningHeads { get; } = [(3, 7), (4, 1), (5, 4)];

    /// <summary>For each of <see cref="AligningHeads"/>: float [1, heads, tokens, encoder frames], rows add up to 1.</summary>
    public static string[] CrossAttentions { get; } =
        [.. AligningHeads.Select(head => $"/model/decoder/layers.{head.Layer}/encoder_attn/Softmax_output_0")];

    /// <summary>Reads the three files; <see cref="ModelFiles.Missing"/> has said that they are right.</summary>
    public static MoonshineModel Load(ModelFiles files)
    {
        var encoder = OnnxSession.Open(File.ReadAllBytes(files.Locate(ModelFiles.MoonshineEncoder)), Threads);
        try
        {
            var decoder = AttentionOutputs.Add(File.ReadAllBytes(files.Locate(ModelFiles.MoonshineDecoder)), CrossAttentions);
            var vocabulary = MoonshineVocabulary.Parse(File.ReadAllText(files.Locate(ModelFiles.MoonshineVocabulary)));
            return new MoonshineModel(encoder, OnnxSession.Open(decoder, Threads), vocabulary);
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Encoder.Dispose();
        Decoder.Dispose();
    }
}
