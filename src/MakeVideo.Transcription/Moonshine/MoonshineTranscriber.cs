using System.Collections.Immutable;
using MakeVideo.Contracts;
using Microsoft.Extensions.Logging;

namespace MakeVideo.Transcription;

/// <summary>English by Moonshine tiny: one stretch of speech at a time, word times from what the decoder attends to.</summary>
internal sealed partial class MoonshineTranscriber(ModelFiles files, ILogger<MoonshineTranscriber> log) : ITranscriber, IDisposable
{
    // Seconds of silence around a stretch, and the least the model is given: it invents words for scraps.
    private const double Margin = 0.1;
    private const double Least = 1.0;

    // Mean log-probability of a token. Below this the model guesses: noise and music, not speech.
    private const double LeastConfidence = -1.5;

    private readonly Lock _loading = new();
    private MoonshineModel? _model;

    public const string EngineName = "moonshine-tiny-en";

    public string Name => EngineName;

    public ImmutableArray<string> Languages => ["en"];

    public async Task<Outcome<Transcript>> TranscribeAsync(SpeechAudio audio, ImmutableArray<SpeechSpan> speech, string language, IProgress<double>? progress, CancellationToken cancellation)
    {
        // Seconds of pure computing: not on the caller's scheduler, which may be a grain's.
        return await Task.Run(() => Transcribe(audio, speech, progress, cancellation), cancellation);
    }

    private Outcome<Transcript> Transcribe(SpeechAudio audio, ImmutableArray<SpeechSpan> speech, IProgress<double>? progress, CancellationToken cancellation)
    {
        if (files.Missing(ModelFiles.MoonshineEncoder, ModelFiles.MoonshineDecoder, ModelFiles.MoonshineVocabulary) is { } missing)
        {
            return missing;
        }

        var model = Model();
        var decoding = new MoonshineDecoding(model);
        var words = ImmutableArray.CreateBuilder<Word>();
        var stretches = SpeechStretches.Plan(audio, speech);
        var (total, done) = (stretches.Sum(stretch => stretch.End - stretch.Start), 0.0);
        foreach (var stretch in stretches)
        {
            cancellation.ThrowIfCancellationRequested();
            words.AddRange(Hear(audio, stretch, speech, model, decoding, cancellation));
            done += stretch.End - stretch.Start;
            progress?.Report(done / total);
        }

        return new Transcript("en", Name, words.ToImmutable(), speech);
    }

    private ImmutableArray<Word> Hear(SpeechAudio audio, SpeechSpan stretch, ImmutableArray<SpeechSpan> speech, MoonshineModel model, MoonshineDecoding decoding, CancellationToken cancellation)
    {
        var margin = Math.Max(Margin, (Least - (stretch.End - stretch.Start)) / 2);
        var start = (long)((stretch.Start - margin) * SpeechAudio.Rate);
        var samples = audio.Read(start, (int)((stretch.End - stretch.Start + (2 * margin)) * SpeechAudio.Rate));
        var decoded = decoding.Decode(samples, cancellation);
        var spelled = model.Vocabulary.Spell(decoded.Tokens);
        if (decoded.Confidence < LeastConfidence || !spelled.Any(word => word.Text.Any(char.IsLetterOrDigit)))
        {
            LogNothingSensible(stretch.Start, stretch.End, decoded.Tokens.Count, decoded.Confidence);
            return [];
        }

        var islands = SpeechIslands.Find(audio, speech.Where(span => span.Start < stretch.End && span.End > stretch.Start)
            .Select(span => new SpeechSpan(Math.Max(span.Start, stretch.Start), Math.Min(span.End, stretch.End))));
        var onsets = TokenAlignment.Onsets(decoded.Attention);
        var origin = start / (double)SpeechAudio.Rate;
        return WordLayout.ByOnset([.. spelled.Select(word => (word.Text, origin + onsets[word.FirstToken]))], islands);
    }

    private MoonshineModel Model()
    {
        lock (_loading)
        {
            return _model ??= MoonshineModel.Load(files);
        }
    }

    public void Dispose() => _model?.Dispose();

    [LoggerMessage(Level = LogLevel.Debug, Message = "Nothing sensible in {Start:0.00}-{End:0.00} s: {Tokens} tokens at confidence {Confidence:0.00}")]
    private partial void LogNothingSensible(double start, double end, int tokens, double confidence);
}
