using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MakeVideo.Contracts;
using MakeVideo.Media.Probing;
using MakeVideo.Media.Processes;
using MakeVideo.Media.Workspace;

namespace MakeVideo.Media;

/// <summary>One rendered stretch of the video.</summary>
/// <param name="Path">The file.</param>
/// <param name="Frames">How many it has.</param>
internal sealed record RenderedSegment(string Path, int Frames);

/// <summary>What the finished file was measured to be.</summary>
internal sealed record ComposedVideo(long Bytes, double Duration, int Frames, string Sha256);

/// <summary>Joins segments and the soundtrack by stream copy, checks the result, and only then publishes it.</summary>
internal sealed class Composition(IProcessRunner runner, MediaProbe probe, MediaOptions options)
{
    /// <summary>The finished video, or why it is none.</summary>
    /// <param name="segments">In order of time.</param>
    /// <param name="soundtrack">As <see cref="Soundtrack"/> made it for so many frames.</param>
    /// <param name="format">For its rate.</param>
    /// <param name="frames">Output frames in all.</param>
    /// <param name="attemptFolder">Partial files live in it.</param>
    /// <param name="target">Where the finished file goes.</param>
    /// <param name="progress">0 to 1.</param>
    /// <param name="cancellation">Ends ffmpeg.</param>
    public async Task<Outcome<ComposedVideo>> ComposeAsync(
        ImmutableArray<RenderedSegment> segments, string soundtrack, OutputFormat format, int frames, string attemptFolder, string target,
        IProgress<double>? progress, CancellationToken cancellation)
    {
        var folder = Directory.CreateDirectory(Path.Combine(attemptFolder, "compose")).FullName;
        var list = Path.Combine(folder, "segments.txt");
        var partial = Path.Combine(folder, "video.mp4");
        var seconds = (double)frames / format.FramesPerSecond;
        await File.WriteAllTextAsync(list, List(segments, format.FramesPerSecond), cancellation);
        var result = await runner.RunAsync(
            new()
            {
                Program = options.Ffmpeg,
                Arguments =
                [
                    .. InputGuards.Ffmpeg,
                    // The list and the soundtrack are ours, the paths in it are our own segments: no guard but the protocol.
                    "-protocol_whitelist", "file", "-f", "concat", "-safe", "0", "-i", "file:" + list,
                    "-protocol_whitelist", "file", "-i", "file:" + soundtrack,
                    "-map", "0:v:0", "-map", "1:a:0", "-c", "copy",
                    "-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact", "-movflags", "+faststart",
                    "-video_track_timescale", "15360", "-f", "mp4", "file:" + partial,
                ],
                Folder = folder,
                Step = "compose",
                Deadline = TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(seconds),
                Stall = TimeSpan.FromSeconds(30),
                Line = line =>
                {
                    if (line.StartsWith("out_time_us=", StringComparison.Ordinal) && long.TryParse(line.AsSpan(12), out var done))
                    {
                        progress?.Report(Math.Clamp(done / 1e6 / seconds, 0, 1));
                    }
                },
            },
            cancellation);
        if (result.Outcome is not ChildOutcome.Ok || result.DiskFull)
        {
            return MediaFailures.Of(result, JobStage.FinalComposition, FailureCodes.RenderFailed, "The video could not be put together");
        }

        var video = await VerifyAsync(partial, format, frames, cancellation);
        if (!video.Failed)
        {
            AtomicFile.Publish(partial, target);
        }

        return video;
    }

    /// <summary>Frame count exact, both streams as long as the frames say within one frame, one H.264 and one AAC stream.</summary>
    private async Task<Outcome<ComposedVideo>> VerifyAsync(string path, OutputFormat format, int frames, CancellationToken cancellation)
    {
        var (found, _) = await probe.ReadAsync(path, cancellation);
        var picture = await probe.ScanAsync(path, "v:0", cancellation);
        var sound = await probe.ScanAsync(path, "a:0", cancellation);
        var (expected, frame) = ((double)frames / format.FramesPerSecond, 1.0 / format.FramesPerSecond);
        string? wrong =
            found is not { Streams: [{ CodecName: "h264" }, { CodecName: "aac" }] } ? "it has other streams than one H.264 and one AAC"
            : (found.Video?.Width, found.Video?.Height) != (format.Width, format.Height) ? $"it is {found.Video?.Width}x{found.Video?.Height}, not {format.Width}x{format.Height}"
            : picture.Count != frames ? $"it has {picture.Count} frames, not {frames}"
            : Math.Abs(picture.Duration - expected) >= frame ? $"its picture lasts {Text(picture.Duration)} s, not {Text(expected)}"
            : Math.Abs(sound.Duration - expected) >= frame ? $"its sound lasts {Text(sound.Duration)} s, not {Text(expected)}"
            : null;
        if (wrong is not null)
        {
            return new JobFailure(FailureCodes.OutputInvalid, JobStage.FinalComposition, $"The finished video was not published: {wrong}. Retry the job, and report it if it comes again.", Retryable: true);
        }

        await using var file = File.OpenRead(path);
        return new ComposedVideo(file.Length, Math.Round(picture.Duration, 6), picture.Count, Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation)));
    }

    // The files say their length in milliseconds, rounded up; the list says it in microseconds between rounded sums, so that nothing adds up.
    private static string List(ImmutableArray<RenderedSegment> segments, int framesPerSecond)
    {
        var list = new StringBuilder("ffconcat version 1.0\n");
        long Microseconds(long frame) => (long)Math.Round(frame * 1e6 / framesPerSecond);
        long first = 0;
        foreach (var segment in segments)
        {
            // The format quotes like a shell: a quote ends, is escaped, and begins again.
            var length = Microseconds(first + segment.Frames) - Microseconds(first);
            list.Append(CultureInfo.InvariantCulture, $"file 'file:{segment.Path.Replace("'", "'\\''", StringComparison.Ordinal)}'\nduration {length}us\n");
            first += segment.Frames;
        }

        return list.ToString();
    }

    private static string Text(double seconds) => seconds.ToString("0.######", CultureInfo.InvariantCulture);
}
