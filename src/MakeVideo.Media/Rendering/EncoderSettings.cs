using System.Globalization;
using MakeVideo.Contracts;

namespace MakeVideo.Media.Rendering;

/// <summary>How frames become H.264. All of it is in a segment's name: change a number and everything is rendered anew.</summary>
internal static class EncoderSettings
{
    /// <summary>Raised when the filter graph or these arguments change meaning.</summary>
    public const int Recipe = 1;

    /// <summary>Fixed, for x264's output depends on it; two fill a core and a half and keep a job's last segment from running on one.</summary>
    private const int Threads = 2;

    /// <summary>
    /// No lookahead thread of its own: on a busy machine its last decisions depend on how far it got when the input ended, and about one segment in
    /// forty came out with other bytes in its last frames. Without it the bytes are those of an idle machine, always.
    /// </summary>
    private const string Lookahead = "sync-lookahead=0";

    /// <summary>Ticks a second of the segments' timebase: whole for 24, 25, 30, 60 frames/s.</summary>
    private const int Timescale = 15360;

    /// <summary>No segment comes near; a runaway stops before the disk is full.</summary>
    private const long MostBytes = 2L << 30;

    /// <summary>x264 preset and constant rate factor.</summary>
    public static (string Preset, int RateFactor) Of(Quality quality) => quality switch
    {
        Quality.Preview => ("ultrafast", 28),
        Quality.Fast => ("fast", 23),
        Quality.Medium => ("medium", 21),
        Quality.High => ("slow", 18),
        _ => throw new ArgumentOutOfRangeException(nameof(quality), quality, "Unknown quality."),
    };

    /// <summary>Arguments from the codec to the container: closed GOP of two seconds, same timebase everywhere, nothing that differs from run to run.</summary>
    public static string[] Arguments(Quality quality, int framesPerSecond)
    {
        var (preset, rateFactor) = Of(quality);
        return
        [
            "-c:v", "libx264", "-preset", preset, "-crf", Text(rateFactor), "-threads", Text(Threads), "-x264-params", Lookahead, "-g", Text(2 * framesPerSecond),
            "-flags:v", "+cgop+bitexact", "-pix_fmt", "yuv420p", "-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709", "-color_range", "tv",
            "-fps_mode", "passthrough", "-video_track_timescale", Text(Timescale), "-fs", Text(MostBytes),
            "-an", "-map_metadata", "-1", "-fflags", "+bitexact", "-f", "mp4",
        ];
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
