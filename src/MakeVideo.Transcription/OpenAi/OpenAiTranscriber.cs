using System.Collections.Immutable;
using System.Text.Json;
using MakeVideo.Contracts;
using MakeVideo.Sources.Http;
using MakeVideo.Transcription.Remote;

namespace MakeVideo.Transcription.OpenAi;

/// <summary>Which model of an OpenAI-compatible service is asked, and how.</summary>
internal sealed record OpenAiOptions
{
    /// <summary>Null: the service wants none.</summary>
    public string? Key { get; init; }

    /// <summary>The one of OpenAI's own that gives word times.</summary>
    public string Model { get; init; } = "whisper-1";

    /// <summary>Seconds of audio in one request: 19 MB as WAVE, under the 25 MB that OpenAI's own service takes.</summary>
    public double LongestPiece { get; init; } = 600;

    /// <summary>A piece is answered when it is transcribed; on a CPU that can take as long as the piece is.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromMinutes(10);

    // A record would print its key.
    private bool PrintMembers(System.Text.StringBuilder text)
    {
        text.Append("Model = ").Append(Model);
        return true;
    }
}

/// <summary>Any service that has OpenAI's <c>POST /v1/audio/transcriptions</c>, asked for verbose JSON with word times.</summary>
internal sealed class OpenAiTranscriber(UpstreamClient client, OpenAiOptions options) : ITranscriber
{
    public const string EngineName = "openai";

    public string Name => EngineName;

    public bool IsRemote => true;

    public ImmutableArray<string> Languages => [];

    public async Task<Outcome<Transcript>> TranscribeAsync(SpeechAudio audio, ImmutableArray<SpeechSpan> speech, string language, IProgress<double>? progress, CancellationToken cancellation)
    {
        // Reads the audio to find its pauses: not on the caller's scheduler, which may be a grain's.
        var (pieces, islands) = await Task.Run(() => (SpeechPieces.Cut(audio, speech, options.LongestPiece), SpeechIslands.Find(audio, speech)), cancellation);
        var segments = new List<HeardSegment>();
        string? heard = null;
        for (var i = 0; i < pieces.Length; i++)
        {
            var reply = await client.SendAsync(Request(audio, pieces[i], language), cancellation);
            if (reply.Failed)
            {
                return reply.Failure;
            }

            heard ??= reply.Value.Body.Text("language");
            segments.AddRange(Read(reply.Value.Body, pieces[i]));
            progress?.Report((i + 1.0) / pieces.Length);
        }

        return new Transcript(LanguageNames.Of(heard, language), Name, HeardWords.Place(segments, islands, audio.Duration), speech);
    }

    private UpstreamRequest Request(SpeechAudio audio, SpeechPiece piece, string language) => new(HttpMethod.Post, "v1/audio/transcriptions", JobStage.GeneratingSubtitles)
    {
        Content = () => Form(audio, piece, language),
        HeadersWithin = options.AnswerWithin,
        Headers = options.Key is { } key ? [("Authorization", $"Bearer {key}")] : [],
    };

    private MultipartFormDataContent Form(SpeechAudio audio, SpeechPiece piece, string language)
    {
        var form = new MultipartFormDataContent
        {
            { new StreamContent(audio.OpenWave(piece.From, piece.Count)) { Headers = { ContentType = new("audio/wav") } }, "file", "speech.wav" },
            { new StringContent(options.Model), "model" },
            { new StringContent("verbose_json"), "response_format" },
            { new StringContent("word"), "timestamp_granularities[]" },
            { new StringContent("segment"), "timestamp_granularities[]" },
        };
        if (LanguageCode.Normalize(language) is { } code and not LanguageCode.Auto)
        {
            form.Add(new StringContent(code), "language");
        }

        return form;
    }

    // Word times come beside the segments, not in them, and OpenAI's own without punctuation.
    private static ImmutableArray<HeardSegment> Read(JsonElement body, SpeechPiece piece)
    {
        ImmutableArray<HeardSegment> segments = [.. body.Items("segments").Select(item => HeardSegment.Read(item, piece.Start))];
        ImmutableArray<HeardWord> words = [.. body.Items("words").Select(item => HeardWord.Read(item, piece.Start))];
        if (words.IsEmpty)
        {
            return segments.IsEmpty && body.Text("text") is { Length: > 0 } text ? [new(text, piece.Start, piece.Start + (piece.Count / (double)SpeechAudio.Rate), [])] : segments;
        }

        var written = segments.SelectMany(segment => CueMarkup.Split(segment.Text)).ToArray();
        return [new(string.Join(' ', written), piece.Start, piece.Start + (piece.Count / (double)SpeechAudio.Rate), Punctuated(words, written))];
    }

    private static ImmutableArray<HeardWord> Punctuated(ImmutableArray<HeardWord> words, string[] written) =>
        words.Length == written.Length && words.Zip(written).All(pair => Letters(pair.First.Text) == Letters(pair.Second))
            ? [.. words.Zip(written, (word, text) => word with { Text = text })]
            : words;

    private static string Letters(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
