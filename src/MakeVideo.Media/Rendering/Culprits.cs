using System.Collections.Immutable;
using System.Globalization;
using MakeVideo.Contracts;
using MakeVideo.Media.Processes;
using MakeVideo.Media.Workspace;

namespace MakeVideo.Media.Rendering;

/// <summary>Finds which clips a segment fails on that failed more than once: each of its slices is rendered alone.</summary>
internal sealed class Culprits(SegmentRender render, IProcessRunner runner, MediaOptions options)
{
    /// <summary>Seconds for half a second of black.</summary>
    private static readonly TimeSpan ControlWithin = TimeSpan.FromSeconds(30);

    /// <summary>SHA-256 of the clips that cannot be rendered alone either; none when the machine is to blame, or the captions.</summary>
    /// <param name="spec">Of the segment that failed.</param>
    /// <param name="attemptFolder">A folder of its own is made in it, and removed.</param>
    /// <param name="cancellation">Ends ffmpeg.</param>
    public async Task<ImmutableArray<string>> FindAsync(SegmentSpec spec, string attemptFolder, CancellationToken cancellation)
    {
        using var scratch = new ScratchFolder(attemptFolder);
        var (failed, slow) = (new List<string>(), new List<string>());
        var slices = spec.Slices.DistinctBy(slice => slice.ClipSha256).ToList();
        foreach (var slice in slices)
        {
            var alone = spec with { Slices = [slice], Captions = null };
            var outcome = await render.RenderAsync(alone, scratch.Path, Path.Combine(scratch.Path, "alone.mp4"), progress: null, cancellation);
            (outcome.Failure?.Code switch
            {
                FailureCodes.RenderFailed => failed,
                FailureCodes.RenderStalled or FailureCodes.RenderTimedOut => slow,
                _ => null,
            })?.Add(slice.ClipSha256);
        }

        // Where some can be rendered and others not, it is the clips. Where none can, it may be ffmpeg itself, or a machine that has no time for it.
        return failed.Count + slow.Count < slices.Count ? [.. failed, .. slow]
            : failed.Count > 0 && await WorksAsync(spec, scratch.Path, cancellation) ? [.. failed]
            : [];
    }

    /// <summary>Whether half a second of black can be encoded as the segment would be.</summary>
    private async Task<bool> WorksAsync(SegmentSpec spec, string folder, CancellationToken cancellation)
    {
        var black = string.Create(CultureInfo.InvariantCulture, $"color=c=black:s={spec.Format.Width}x{spec.Format.Height}:r={spec.Format.FramesPerSecond}:d=0.5");
        var result = await runner.RunAsync(
            new()
            {
                Program = options.Ffmpeg,
                Arguments = [.. InputGuards.Ffmpeg, "-f", "lavfi", "-i", black, .. EncoderSettings.Arguments(spec.Quality, spec.Format.FramesPerSecond), "file:" + Path.Combine(folder, "black.mp4")],
                Folder = folder,
                Step = "control",
                Deadline = ControlWithin,
                Stall = ControlWithin,
            },
            cancellation);
        return result.Outcome is ChildOutcome.Ok;
    }
}
