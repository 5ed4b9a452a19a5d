using System.Collections.Immutable;
using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using MakeVideo.Media.Audio;
using MakeVideo.Transcription;

namespace MakeVideo.Grains.Transcripts;

/// <summary>From an uploaded audio to its transcript: decode once, find the speech, turn it into words.</summary>
internal sealed class Listening(AudioDecode decode, ISpeechDetector detector, Transcribers transcribers, WorkerSlots slots, DataFolder data)
{
    // Shares of the whole, measured on two cores: decoding and detection are quick.
    private const double Decoded = 0.1;
    private const double Detected = 0.25;

    /// <summary>The transcript; failures of audio, language and script as data.</summary>
    /// <param name="order">What to listen to.</param>
    /// <param name="slot">Given back as soon as no core of this silo is needed any more: a service outside may take minutes.</param>
    /// <param name="known">Where somebody speaks, if an earlier try found that; else null.</param>
    /// <param name="decoded">Told as soon as the exact length is known.</param>
    /// <param name="found">Told where somebody speaks.</param>
    /// <param name="progress">0 to 1.</param>
    /// <param name="cancellation">Stops the decoder too.</param>
    public async Task<Outcome<Transcript>> ListenAsync(
        TranscriptOrder order, IDisposable slot, ImmutableArray<SpeechSpan>? known, Action<DecodedAudio> decoded, Action<ImmutableArray<SpeechSpan>> found, IProgress<double> progress, CancellationToken cancellation)
    {
        var engine = await EngineAsync(order, cancellation);
        if (engine.Failed)
        {
            return engine.Failure;
        }

        var folder = data.Listening(order.AudioSha256);
        Directory.CreateDirectory(folder);
        try
        {
            var wave = Path.Combine(folder, "speech.wav");
            var audio = await decode.DecodeAsync(data.Audio(order.JobId), wave, Share(progress, 0, Decoded), cancellation);
            if (audio.Failed)
            {
                return audio.Failure;
            }

            decoded(audio.Value);
            using var speech = SpeechAudio.Open(wave);
            var spans = known is { } earlier ? Outcome<ImmutableArray<SpeechSpan>>.Of(earlier) : await detector.DetectAsync(speech, Share(progress, Decoded, Detected), cancellation);
            if (spans.Failed)
            {
                return spans.Failure;
            }

            found(spans.Value);
            var transcriber = engine.Value;
            if (transcriber.IsRemote)
            {
                slot.Dispose();
                transcriber = transcriber is FallbackTranscriber several ? several.TakingCores(stop => slots.TakeAsync(order.Order, stop)) : transcriber;
            }

            return await transcriber.TranscribeAsync(speech, spans.Value, order.Language, Share(progress, Detected, 1), cancellation);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Whether the engine that heard this is the one that would be asked first now; another stood in for it, or has been set up since.</summary>
    public bool IsFirstChoice(Transcript transcript, TranscriptOrder order) =>
        order.HasScript || transcribers.FirstFor(order.Language) is not { } first || first == transcript.Engine;

    private async Task<Outcome<ITranscriber>> EngineAsync(TranscriptOrder order, CancellationToken cancellation) =>
        order.HasScript
            ? ScriptTranscriber.Create(await File.ReadAllBytesAsync(data.Script(order.JobId), cancellation))
            : transcribers.For(order.Language);

    private static Progress Share(IProgress<double> whole, double from, double to) => new(part => whole.Report(from + (part * (to - from))));
}
