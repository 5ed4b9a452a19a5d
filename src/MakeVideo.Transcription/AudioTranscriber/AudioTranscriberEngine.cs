using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using MakeVideo.Contracts;
using MakeVideo.Sources.Http;
using MakeVideo.Transcription.Remote;

namespace MakeVideo.Transcription.AudioTranscriber;

/// <summary>The reference's audio-transcriber service: any language, times by word where its engine has them.</summary>
/// <param name="client">Of the service.</param>
/// <param name="clock">For the polls.</param>
/// <param name="pollEvery">Time between two looks at a job; null: 5 s, as in the replaced service.</param>
internal sealed class AudioTranscriberEngine(UpstreamClient client, TimeProvider clock, TimeSpan? pollEvery = null) : ITranscriber
{
    public const string EngineName = "audio-transcriber";

    /// <summary>240 polls of 5 s in the replaced service; its service tells no progress on the way, so that a job which stands still is not yet stuck.</summary>
    private static readonly TimeSpan AtMost = TimeSpan.FromMinutes(20);

    /// <summary>An hour of audio is 115 MB, over a slow line.</summary>
    private static readonly TimeSpan UploadWithin = TimeSpan.FromMinutes(5);

    private readonly RemoteJobs _jobs = new(client, clock);

    public string Name => EngineName;

    public bool IsRemote => true;

    public ImmutableArray<string> Languages => [];

    public async Task<Outcome<Transcript>> TranscribeAsync(SpeechAudio audio, ImmutableArray<SpeechSpan> speech, string language, IProgress<double>? progress, CancellationToken cancellation)
    {
        var job = new RemoteJob
        {
            Submit = new(HttpMethod.Post, "jobs", JobStage.GeneratingSubtitles) { Content = () => Form(audio, language), HeadersWithin = UploadWithin },
            Every = pollEvery ?? TimeSpan.FromSeconds(5),
            StuckAfter = AtMost,
            AtMost = AtMost,
        };
        var heard = await _jobs.RunAsync<HeardAnswer>(job, CollectAsync, progress, cancellation);
        if (heard.Failed)
        {
            return heard.Failure;
        }

        var body = heard.Value.Body;

        // Reads the audio to find its pauses: not on the caller's scheduler, which may be a grain's.
        var islands = await Task.Run(() => SpeechIslands.Find(audio, speech), cancellation);
        var words = HeardWords.Place(body.Items("segments").Select(segment => HeardSegment.Read(segment)), islands, audio.Duration);
        progress?.Report(1);
        return new Transcript(LanguageNames.Of(body.Text("language_detected"), language), Name, words, speech);
    }

    private async Task<Outcome<HeardAnswer>?> CollectAsync(string id, JsonElement state, CancellationToken cancellation)
    {
        var reply = await client.SendAsync(
            new(HttpMethod.Get, $"jobs/{id}/transcription", JobStage.GeneratingSubtitles) { Accepts = [HttpStatusCode.NotFound, HttpStatusCode.Gone] }, cancellation);
        if (reply.Failed)
        {
            return reply.Failure;
        }

        return reply.Value.Gone ? null : (Outcome<HeardAnswer>)new HeardAnswer(reply.Value.Body);
    }

    private static MultipartFormDataContent Form(SpeechAudio audio, string language) => new()
    {
        { new StreamContent(audio.OpenWave(0, audio.Samples)) { Headers = { ContentType = new("audio/wav") } }, "file", "speech.wav" },
        { new StringContent(LanguageCode.Normalize(language) ?? LanguageCode.Auto), "language_in" },
    };

    private sealed record HeardAnswer(JsonElement Body);
}
