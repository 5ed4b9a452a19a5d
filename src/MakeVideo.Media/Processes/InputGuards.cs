namespace MakeVideo.Media.Processes;

/// <summary>What stands before every input that a user or a stranger made: no playlists, no images, no network, nothing huge.</summary>
internal static class InputGuards
{
    // -max_pixels is 7680 x 4320; one stream list and 5 MB of probing are plenty for a short clip.
    private static readonly string[] Guards =
    [
        "-protocol_whitelist", "file,pipe",
        "-format_whitelist", "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mp3,wav,ogg,flac,aac",
        "-max_pixels", "33177600",
        "-max_streams", "16",
        "-probesize", "5M",
        "-analyzeduration", "5M",
    ];

    /// <summary>Arguments of one input; <c>file:</c> keeps ffmpeg from reading a name as an address or an option.</summary>
    public static IEnumerable<string> Input(string path, params IEnumerable<string> options) => [.. Guards, .. options, "-i", "file:" + path];

    /// <summary>For every ffmpeg run, before its inputs: nothing is asked, nothing above 256 MB is allocated at once, progress on standard output.</summary>
    public static IEnumerable<string> Ffmpeg =>
        ["-nostdin", "-y", "-hide_banner", "-v", "error", "-max_alloc", "268435456", "-progress", "pipe:1", "-stats_period", "0.5"];
}
