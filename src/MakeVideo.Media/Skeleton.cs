using System.Collections.Immutable;
using MakeVideo.Contracts;

namespace MakeVideo.Media;

internal sealed class MediaProbe
{
    /// <summary>Typed facts or a typed refusal (Audio* codes). Bounds: 5 s to 1 h.</summary>
    public Task<Outcome<AudioFacts>> ProbeAudioAsync(string path, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Probe + decode check at both ends; facts or a typed rejection (Clip* codes).</summary>
    public Task<Outcome<ClipFacts>> ProbeClipAsync(string path, CancellationToken cancellation) => throw new NotImplementedException();
}

internal sealed class AudioDecode
{
    /// <summary>Decodes once, whole, to 16 kHz mono 16-bit WAV; measures loudness. Silent audio: AudioSilent.</summary>
    public Task<Outcome<DecodedAudio>> DecodeAsync(string audio, string wave, IProgress<double>? progress, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Decodes until something is heard: AudioSilent, AudioUnreadable, or the value true. Cheap unless the audio is silent.</summary>
    public Task<Outcome<bool>> HearAsync(string audio, CancellationToken cancellation) => throw new NotImplementedException();
}

internal sealed class SegmentRender
{
    /// <summary>The segment's name: lower-case hex of a SHA-256 over all that shapes it (spec, encoder settings, ffmpeg version, font file).</summary>
    public Task<string> HashAsync(SegmentSpec spec, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>True when the file is there with exactly that many frames.</summary>
    public Task<bool> IsCompleteAsync(string path, int frames, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Renders in <paramref name="attemptFolder"/>, checks the frame count, publishes at <paramref name="target"/> by rename. Value: wall seconds.</summary>
    public Task<Outcome<double>> RenderAsync(SegmentSpec spec, string attemptFolder, string target, IProgress<double>? progress, CancellationToken cancellation) => throw new NotImplementedException();
}

/// <summary>What the finished file was measured to be.</summary>
internal sealed record ComposedVideo(long Bytes, double Duration, int Frames, string Sha256);

internal sealed class Composition
{
    /// <summary>
    /// Encodes the audio once and whole (AAC 192k, padded with silence to the video's length), joins the segments by stream copy, muxes, verifies
    /// (frame count, durations within a frame, streams, size), publishes at <paramref name="target"/> by rename.
    /// </summary>
    public Task<Outcome<ComposedVideo>> ComposeAsync(ImmutableArray<string> segments, string audio, OutputFormat format, int frames, string attemptFolder, string target, IProgress<double>? progress, CancellationToken cancellation) => throw new NotImplementedException();
}

/// <summary>One line of a health check.</summary>
internal sealed record ToolCheck(string Name, bool Ok, string Detail, string? Remedy);

internal sealed class MediaDoctor
{
    /// <summary>ffmpeg and ffprobe version, encoders, filters, the caption font.</summary>
    public Task<ImmutableArray<ToolCheck>> CheckAsync(CancellationToken cancellation) => throw new NotImplementedException();
}

internal static class AtomicFile
{
    public static Task WriteTextAsync(string path, string text, CancellationToken cancellation) => throw new NotImplementedException();
}
