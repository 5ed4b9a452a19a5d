using System.Collections.Immutable;
using System.Diagnostics;
using MakeVideo.Captions;
using MakeVideo.Contracts;
using MakeVideo.Grains.Jobs;

namespace MakeVideo.Benchmarks;

/// <summary>The same clips, cuts, captions and sound for every contender.</summary>
internal sealed class RenderMaterial
{
    /// <summary>Rates and sizes as users' clips have them.</summary>
    private static readonly string[] Sources =
    [
        "testsrc2=size=720x1280:rate=30", "mandelbrot=size=640x480:rate=25", "life=size=160x284:rate=30:mold=10:life_color=#f0c040,scale=720:1280:flags=neighbor",
        "gradients=size=1280x720:rate=60:speed=0.03", "cellauto=size=240x426:rate=24:rule=110,scale=720:1280:flags=neighbor", "testsrc=size=640x360:rate=30",
    ];

    private const int ClipSeconds = 8;

    public required string Folder { get; init; }

    public required ImmutableArray<string> Clips { get; init; }

    public required string Audio { get; init; }

    public required int Frames { get; init; }

    public required OutputFormat Format { get; init; }

    public required ImmutableArray<PlannedSlice> Timeline { get; init; }

    public required AssTimeline Captions { get; init; }

    public static RenderMaterial Make(string folder, int seconds)
    {
        var clips = Sources.Select((source, index) => Generate(Path.Combine(folder, $"clip{index}.mp4"), "-f", "lavfi", "-i", source, "-t", $"{ClipSeconds}", "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p")).ToList();
        if (Environment.GetEnvironmentVariable("MAKEVIDEO_MEDIA") is { Length: > 0 } media)
        {
            clips.AddRange(Directory.GetFiles(Path.Combine(media, "clips"), "*.mp4").Order(StringComparer.Ordinal));
        }

        var format = OutputFormat.For(AspectRatio.Portrait9x16, Quality.Fast);
        var frames = seconds * format.FramesPerSecond;
        var footage = clips.Select((_, index) => new Footage(index, (ClipSeconds * format.FramesPerSecond) - 1)).ToImmutableArray();
        var words = Enumerable.Range(0, seconds * 3).Select(i => new Word($"word{i}", i / 3.0, (i + 1) / 3.0)).ToImmutableArray();
        var transcript = new Transcript("en", "bench", words, [new(0, seconds)]);
        return new()
        {
            Folder = folder,
            Clips = [.. clips],
            Audio = Generate(Path.Combine(folder, "audio.mp3"), "-f", "lavfi", "-i", $"sine=frequency=220:duration={seconds}"),
            Frames = frames,
            Format = format,
            Timeline = Grains.Jobs.Timeline.Choose(footage, frames, 1, out _),
            Captions = AssTimeline.Build(Cues.Build(transcript, CaptionStyle.Dynamic, format, frames), CaptionStyle.Dynamic, format),
        };
    }

    public SegmentSpec Spec(Stretch stretch, string? captions) => new(
        [.. stretch.Slices.Select(slice => new Slice(Clips[slice.Candidate], $"{slice.Candidate}", (double)slice.Start / Format.FramesPerSecond, slice.Frames))],
        Format, FitMode.Crop, CropPosition.Center, Quality.Fast, captions);

    public static string Generate(string path, params string[] arguments)
    {
        Ffmpeg(Path.GetDirectoryName(path)!, [.. arguments, path]);
        return path;
    }

    public static void Ffmpeg(string folder, params IEnumerable<string> arguments)
    {
        using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", ["-v", "error", "-nostdin", "-y", .. arguments]) { WorkingDirectory = folder })!;
        ffmpeg.WaitForExit();
        if (ffmpeg.ExitCode != 0)
        {
            throw new InvalidOperationException($"ffmpeg {string.Join(' ', arguments)} failed.");
        }
    }
}
