using System.Collections.Immutable;
using MakeVideo.Contracts;
using Microsoft.ML.OnnxRuntime;

namespace MakeVideo.Transcription;

/// <summary>Speech spans by Silero VAD. Its model is loaded at first use and shared; one thread, so the same audio gives the same spans.</summary>
internal sealed class SileroSpeechDetector(ModelFiles models) : ISpeechDetector, IDisposable
{
    // 16 s of audio at a time: 1 MB.
    private const int WindowsPerRead = 512;

    private readonly Lock _loading = new();
    private InferenceSession? _session;

    public async Task<Outcome<ImmutableArray<SpeechSpan>>> DetectAsync(SpeechAudio audio, IProgress<double>? progress, CancellationToken cancellation)
    {
        // Seconds of pure computing: not on the caller's scheduler, which may be a grain's.
        return await Task.Run(() => Detect(audio, progress, cancellation), cancellation);
    }

    private Outcome<ImmutableArray<SpeechSpan>> Detect(SpeechAudio audio, IProgress<double>? progress, CancellationToken cancellation)
    {
        if (models.Missing(ModelFiles.Silero) is { } missing)
        {
            return missing;
        }

        using var model = new SileroModel(Session());
        var probabilities = new float[(audio.Samples + SileroModel.Window - 1) / SileroModel.Window];
        var samples = new float[WindowsPerRead * SileroModel.Window];
        for (var window = 0; window < probabilities.Length; window++)
        {
            var offset = window % WindowsPerRead * SileroModel.Window;
            if (offset == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                progress?.Report(window / (double)probabilities.Length);
                audio.Read((long)window * SileroModel.Window, samples);
            }

            probabilities[window] = model.Hear(samples.AsSpan(offset, SileroModel.Window));
        }

        progress?.Report(1);
        return SpeechGate.Spans(probabilities, audio.Duration);
    }

    private InferenceSession Session()
    {
        lock (_loading)
        {
            return _session ??= OnnxSession.Open(File.ReadAllBytes(models.Locate(ModelFiles.Silero)), threads: 1);
        }
    }

    public void Dispose() => _session?.Dispose();
}
