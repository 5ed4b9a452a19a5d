using System.Globalization;
using System.Runtime.CompilerServices;
using MakeVideo.Media.Processes;

namespace MakeVideo.Media.BurnedText;

/// <summary>Small frames of a clip at even distances, as ffmpeg decodes them; who stops reading stops the decoder.</summary>
/// <param name="runner">Starts ffmpeg.</param>
/// <param name="options">Which ffmpeg.</param>
internal sealed class FrameSamples(IProcessRunner runner, MediaOptions options)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    /// <summary>How the child ended, once all frames are read; null when it was stopped before.</summary>
    public ChildResult? Result { get; private set; }

    /// <summary>Frames in order of time.</summary>
    /// <param name="clip">A vetted file.</param>
    /// <param name="width">Pixels of a frame.</param>
    /// <param name="height">Pixels of a frame.</param>
    /// <param name="rate">Frames a second of clip.</param>
    /// <param name="most">Frames at most.</param>
    /// <param name="folder">For the raw frames, which are gone when the reader is.</param>
    /// <param name="cancellation">Stops ffmpeg.</param>
    public async IAsyncEnumerable<Picture> ReadAsync(
        string clip, int width, int height, double rate, int most, string folder, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // The runner reads standard output as lines of progress, so the frames come through a file, read while it grows.
        var raw = Path.Combine(folder, "frames.rgb");
        await File.WriteAllBytesAsync(raw, [], cancellation);
        await using var file = new FileStream(raw, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1, FileOptions.Asynchronous);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var decoding = runner.RunAsync(Run(clip, width, height, rate, most, raw, folder), stop.Token);
        try
        {
            var bytes = width * height * 3;
            for (var count = 1L; ; count++)
            {
                while (file.Length < count * bytes && !decoding.IsCompleted)
                {
                    await Task.WhenAny(decoding, Task.Delay(Patience, cancellation));
                    cancellation.ThrowIfCancellationRequested();
                }

                if (file.Length < count * bytes)
                {
                    Result = await decoding;
                    yield break;
                }

                var pixels = new byte[bytes];
                await file.ReadExactlyAsync(pixels, cancellation);
                yield return new Picture(width, height, pixels);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)decoding).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    private ChildRun Run(string clip, int width, int height, double rate, int most, string raw, string folder) => new()
    {
        Program = options.Ffmpeg,
        Arguments =
        [
            .. InputGuards.Ffmpeg,
            // One thread for one slot. Frames that no other stands on are not decoded, and their edges not smoothed: text is found all the same, in half the time.
            .. InputGuards.Input(clip, "-threads", "1", "-skip_frame", "noref", "-skip_loop_filter", "all"),
            "-map", "0:v:0", "-filter_threads", "1",
            "-vf", string.Create(CultureInfo.InvariantCulture, $"fps={rate:0.######},scale={width}:{height}:flags=area,format=rgb24"),
            "-frames:v", most.ToString(CultureInfo.InvariantCulture), "-fps_mode", "passthrough", "-f", "rawvideo", "file:" + raw,
        ],
        Folder = folder,
        Step = "text_frames",
        Deadline = TimeSpan.FromMinutes(10),
        Stall = TimeSpan.FromSeconds(60),
    };
}
