using System.Collections.Immutable;
using MakeVideo.Contracts;

namespace MakeVideo.Transcription;

/// <summary>Finds where somebody speaks.</summary>
internal interface ISpeechDetector
{
    /// <summary>Spans in order, not overlapping; empty when nobody speaks.</summary>
    Task<ImmutableArray<SpeechSpan>> DetectAsync(SpeechAudio audio, IProgress<double>? progress, CancellationToken cancellation);
}

/// <summary>Turns speech into words with times.</summary>
internal interface ITranscriber
{
    /// <summary>As in <see cref="Transcript.Engine"/>.</summary>
    string Name { get; }

    /// <summary>ISO 639-1 of the languages it understands; empty means any.</summary>
    ImmutableArray<string> Languages { get; }

    Task<Outcome<Transcript>> TranscribeAsync(SpeechAudio audio, ImmutableArray<SpeechSpan> speech, string language, IProgress<double>? progress, CancellationToken cancellation);
}

/// <summary>16 kHz mono 16-bit WAV on disk, read by stretches: an hour never lies in memory.</summary>
internal sealed class SpeechAudio : IDisposable
{
    public static SpeechAudio Open(string wave) => throw new NotImplementedException();

    public long Samples => throw new NotImplementedException();

    public double Duration => Samples / 16000.0;

    /// <summary>Samples -1..1.</summary>
    public float[] Read(long start, int count) => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}

/// <summary>The user's own words: SRT, VTT or plain text.</summary>
internal static class ScriptTranscriber
{
    /// <summary>Parses; ScriptInvalid when it is none of the three, empty, or not UTF-8.</summary>
    public static Outcome<ITranscriber> Create(byte[] script) => throw new NotImplementedException();
}

/// <summary>The engines of this silo.</summary>
internal sealed class Transcribers
{
    /// <summary>The engine for a language, or LanguageUnsupported that names the engines that could.</summary>
    public Outcome<ITranscriber> For(string language) => throw new NotImplementedException();
}
