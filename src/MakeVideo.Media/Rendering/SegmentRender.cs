using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MakeVideo.Contracts;
using MakeVideo.Media.Probing;
using MakeVideo.Media.Processes;
using MakeVideo.Media.Workspace;

namespace MakeVideo.Media.Rendering;

/// <summary>Renders one segment: one ffmpeg run that decodes, fits, burns captions in and encodes, the only lossy pass its frames ever see.</summary>
internal sealed class SegmentRender(IProcessRunner runner, RenderTools tools, MediaOptions options)
{
    /// <summary>Generous: full size at preset slow makes a few frames a second on a busy core.</summary>
    private static readonly TimeSpan PerFrame = TimeSpan.FromSeconds(2);

    private const string What = "A segment could not be rendered";

    /// <summary>The segment's name: lower-case hex of a SHA-256 over all that shapes it.</summary>
    public async Task<string> HashAsync(SegmentSpec spec, CancellationToken cancellation)
    {
        // Where a clip lies does not shape a frame; what is in it does.
        var shape = spec with { Slices = [.. spec.Slices.Select(slice => slice with { ClipPath = "" })] };
        var all = $"{EncoderSettings.Recipe}\n{await tools.FingerprintAsync(cancellation)}\n{FilterGraph.Of(spec)}\n"
            + $"{string.Join(' ', EncoderSettings.Arguments(spec.Quality, spec.Format.FramesPerSecond))}\n{JsonSerializer.Serialize(shape)}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)));
    }

    /// <summary>True when the file is there, whole, with exactly that many frames.</summary>
    public static bool IsComplete(string path, int frames) => FrameCount.Of(path) == frames;

    /// <summary>Renders in the attempt's folder, checks the frame count, publishes by rename.</summary>
    /// <param name="spec">What to render.</param>
    /// <param name="attemptFolder">A folder of its own is made in it, and removed.</param>
    /// <param name="target">Where the finished file goes.</param>
    /// <param name="progress">0 to 1 of the frames.</param>
    /// <param name="cancellation">Ends ffmpeg.</param>
    /// <returns>Wall seconds.</returns>
    public async Task<Outcome<double>> RenderAsync(
        SegmentSpec spec, string attemptFolder, string target, IProgress<double>? progress, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            using var scratch = new ScratchFolder(attemptFolder);
            var partial = Path.Combine(scratch.Path, "segment.mp4");
            if (spec.Captions is { } captions)
            {
                await File.WriteAllTextAsync(Path.Combine(scratch.Path, FilterGraph.Captions), captions, cancellation);
            }

            var result = await runner.RunAsync(Run(spec, scratch.Path, partial, progress), cancellation);
            if (result.Outcome is not ChildOutcome.Ok || result.DiskFull)
            {
                return MediaFailures.Of(result, JobStage.AssemblingVideo, FailureCodes.RenderFailed, What);
            }

            var frames = FrameCount.Of(partial);
            if (frames != spec.Frames)
            {
                var found = frames is null ? "damaged" : $"with {frames} frames instead of {spec.Frames}";
                return new JobFailure(
                    FailureCodes.RenderFailed, JobStage.AssemblingVideo,
                    $"A segment came out {found}. Retry the job; if it comes again, one of its clips is damaged.", Retryable: true);
            }

            AtomicFile.Publish(partial, target);
            return clock.Elapsed.TotalSeconds;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return MediaFailures.Of(failure, JobStage.AssemblingVideo, What);
        }
    }

    private ChildRun Run(SegmentSpec spec, string folder, string partial, IProgress<double>? progress) => new()
    {
        Program = options.Ffmpeg,
        Arguments =
        [
            .. InputGuards.Ffmpeg,
            .. spec.Slices.SelectMany(slice => InputGuards.Input(
                slice.ClipPath, "-an", "-sn", "-ss", Seconds(slice.SourceStart), "-t", Seconds(((double)slice.Frames / spec.Format.FramesPerSecond) + 0.5))),
            "-filter_complex", FilterGraph.Of(spec), "-map", "[out]",
            .. EncoderSettings.Arguments(spec.Quality, spec.Format.FramesPerSecond),
            "file:" + partial,
        ],
        Folder = folder,
        Step = "segment",
        Deadline = TimeSpan.FromMinutes(1) + (spec.Frames * PerFrame),
        Stall = TimeSpan.FromSeconds(30),

        // Told to end, ffmpeg first renders what is left, the last picture held (tpad has no end of its own): nothing of that is kept.
        Grace = TimeSpan.FromMilliseconds(200),
        Line = line =>
        {
            if (line.StartsWith("frame=", StringComparison.Ordinal) && int.TryParse(line.AsSpan(6), out var frame))
            {
                progress?.Report(Math.Min(1, (double)frame / spec.Frames));
            }
        },
    };

    private static string Seconds(double seconds) => seconds.ToString("0.######", CultureInfo.InvariantCulture);
}
