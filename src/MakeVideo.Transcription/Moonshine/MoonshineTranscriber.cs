using System.Collections.Immutable;
using MakeVideo.Contracts;

namespace MakeVideo.Transcription;

/// <summary>Moonshine tiny, English, in this process: one greedy decode per span of speech.</summary>
internal sealed class MoonshineTranscriber(ModelFiles models) : ITranscriber, IDisposable
{
    private readonly Lazy<MoonshineModel> _model = new(() => MoonshineModel.Open(models));

    public string Name => "moonshine-tiny-en";

    public ImmutableArray<string> Languages { get; } = ["en"];

    public async Task<Outcome<Transcript>> TranscribeAsync(
        SpeechAudio audio, ImmutableArray<SpeechSpan> speech, string language, IProgress<double>? progress, CancellationToken cancellation)
    {
        if (models.Missing(ModelFiles.MoonshineEncoder, ModelFiles.MoonshineDecoder, ModelFiles.MoonshineVocabulary) is { } missing)
        {
            return missing;
        }

        return await Task.Run(() => Transcribe(audio, speech, progress, cancellation), cancellation);
    }

    public void Dispose()
    {
        if (_model.IsValueCreated)
        {
            _model.Value.Dispose();
        }
    }

    private Transcript Transcribe(SpeechAudio audio, ImmutableArray<SpeechSpan> speech, IProgress<double>? progress, CancellationToken cancellation)
    {
        var total = speech.Sum(span => span.End - span.Start);
        var done = 0.0;
        var words = ImmutableArray.CreateBuilder<Word>();
        foreach (var utterance in Utterances.Of(speech))
        {
            var whole = Hear(audio, utterance[0].Start, utterance[^1].End, cancellation);
            var parts = utterance.Length == 1
                ? [[.. whole]]
                : SpanWords.Of(whole, utterance, [.. utterance.Select(span => Hear(audio, span.Start, span.End, cancellation))]);
            words.AddRange(parts.Zip(utterance).SelectMany(part => WordTimes.Lay(part.First, part.Second)));
            done += utterance.Sum(part => part.End - part.Start);
            progress?.Report(done / total);
        }

        return new("en", Name, words.ToImmutable(), speech);
    }

    private string[] Hear(SpeechAudio audio, double start, double end, CancellationToken cancellation)
    {
        var samples = audio.Read((long)(start * SpeechAudio.Rate), (int)((end - start) * SpeechAudio.Rate));
        return _model.Value.Decode(samples, cancellation).Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }
}
