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
        foreach (var span in Utterances.Of(speech))
        {
            var (start, end) = (span[0].Start, span[^1].End);
            var samples = audio.Read((long)(start * SpeechAudio.Rate), (int)((end - start) * SpeechAudio.Rate));
            var text = _model.Value.Decode(samples, cancellation);
            words.AddRange(WordTimes.Lay(text.Split(' ', StringSplitOptions.RemoveEmptyEntries), span));
            done += span.Sum(part => part.End - part.Start);
            progress?.Report(done / total);
        }

        return new("en", Name, words.ToImmutable(), speech);
    }
}
