using System.Globalization;
using MakeVideo.Contracts;
using MakeVideo.Media.Processes;
using MakeVideo.Media.Workspace;

namespace MakeVideo.Media;

/// <summary>Encodes the user's audio, once and whole, padded with silence to the video's length. It needs no picture, so it is made while there is none.</summary>
internal sealed class Soundtrack(IProcessRunner runner, MediaOptions options)
{
    /// <summary>As in the replaced service.</summary>
    private const string Bitrate = "192k";

    /// <summary>The track in an MP4 of its own, or why there is none. One that is there already, from an attempt before, is taken.</summary>
    /// <param name="audio">The user's file.</param>
    /// <param name="frames">Output frames of the video.</param>
    /// <param name="format">For its rate.</param>
    /// <param name="attemptFolder">A folder of its own is made in it, and removed.</param>
    /// <param name="target">Where the finished file goes; its name stands for the audio and the length.</param>
    /// <param name="cancellation">Ends ffmpeg.</param>
    /// <returns>The target.</returns>
    public async Task<Outcome<string>> EncodeAsync(string audio, int frames, OutputFormat format, string attemptFolder, string target, CancellationToken cancellation)
    {
        const string What = "The audio could not be encoded";
        if (File.Exists(target))
        {
            return target;
        }

        var seconds = (double)frames / format.FramesPerSecond;
        try
        {
            using var scratch = new ScratchFolder(attemptFolder);
            var partial = Path.Combine(scratch.Path, "soundtrack.mp4");
            var result = await runner.RunAsync(
                new()
                {
                    Program = options.Ffmpeg,
                    Arguments =
                    [
                        .. InputGuards.Ffmpeg, .. InputGuards.Input(audio, "-vn", "-sn"),
                        "-map", "0:a:0", "-c:a", "aac", "-b:a", Bitrate, "-ac", "2", "-ar", "48000", "-af", "aresample=async=1:first_pts=0,apad",
                        "-t", seconds.ToString("0.######", CultureInfo.InvariantCulture),
                        "-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact", "-f", "mp4", "file:" + partial,
                    ],
                    Folder = scratch.Path,
                    Step = "soundtrack",
                    Deadline = TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(seconds),
                    Stall = TimeSpan.FromSeconds(30),
                },
                cancellation);
            if (result.Outcome is not ChildOutcome.Ok || result.DiskFull)
            {
                return MediaFailures.Of(result, JobStage.FinalComposition, FailureCodes.RenderFailed, What);
            }

            AtomicFile.Publish(partial, target);
            return target;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return MediaFailures.Of(failure, JobStage.FinalComposition, What);
        }
    }
}
