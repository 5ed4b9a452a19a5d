using System.Globalization;
using MakeVideo.Contracts;
using MakeVideo.Media.Processes;
using MakeVideo.Media.Workspace;

namespace MakeVideo.Media.Probing;

/// <summary>A small picture of a clip for people who look on. It is made when it is first asked for, so that jobs nobody watches pay nothing for it.</summary>
internal sealed class ClipStill(IProcessRunner runner, MediaOptions options) : IDisposable
{
    /// <summary>Pixels of the long side: a tile of the page on a dense screen.</summary>
    private const int LongSide = 320;

    /// <summary>Bytes; ten times what such a picture has.</summary>
    private const int MostBytes = 400_000;

    /// <summary>One at a time: a page asks for dozens at once, and the slots are for jobs.</summary>
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>True when the JPEG is there.</summary>
    /// <param name="clip">A vetted file.</param>
    /// <param name="facts">What the probe read of it.</param>
    /// <param name="path">Where the picture is to be.</param>
    /// <param name="folder">For the work, on the same file system; what is written there is gone afterwards.</param>
    /// <param name="cancellation">Stops ffmpeg.</param>
    public async Task<bool> EnsureAsync(string clip, ClipFacts facts, string path, string folder, CancellationToken cancellation)
    {
        if (File.Exists(path))
        {
            return true;
        }

        await _turn.WaitAsync(cancellation);
        try
        {
            if (!File.Exists(path))
            {
                using var scratch = new ScratchFolder(folder);
                var partial = Path.Combine(scratch.Path, "still.jpg");
                if ((await runner.RunAsync(Run(clip, facts, partial), cancellation)).Outcome is not ChildOutcome.Ok || !File.Exists(partial))
                {
                    return false;
                }

                AtomicFile.Publish(partial, path);
            }

            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A full disk, or a clip that left the cache meanwhile: a picture less.
            return false;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    // A third into the clip, where it has got going, and there the key frame before: nothing else is decoded.
    private ChildRun Run(string clip, ClipFacts facts, string partial)
    {
        var scale = Math.Min(1, (double)LongSide / Math.Max(facts.Width, facts.Height));
        return new()
        {
            Program = options.Ffmpeg,
            Arguments =
            [
                .. InputGuards.Ffmpeg,
                .. InputGuards.Input(clip, "-threads", "1", "-noaccurate_seek", "-ss", string.Create(CultureInfo.InvariantCulture, $"{facts.Duration / 3:0.###}")),
                "-map", "0:v:0", "-an", "-sn", "-filter_threads", "1", "-vf", $"scale={Side(facts.Width * scale)}:{Side(facts.Height * scale)}:flags=area,format=yuvj420p",
                "-frames:v", "1", "-c:v", "mjpeg", "-q:v", "5", "-map_metadata", "-1", "-fs", MostBytes.ToString(CultureInfo.InvariantCulture), "-f", "image2", "-update", "1", "file:" + partial,
            ],
            Folder = Path.GetDirectoryName(partial)!,
            Step = "still",
            Deadline = TimeSpan.FromSeconds(20),
        };

        static int Side(double pixels) => Math.Max(2, (int)Math.Round(pixels / 2) * 2);
    }
}
