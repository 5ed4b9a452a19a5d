using System.Collections.Immutable;
using System.Globalization;

namespace MakeVideo.Sources.YtDlp;

/// <summary>yt-dlp's command lines. What users and upstreams wrote stands behind <c>--</c>, where nothing is an option.</summary>
internal static class YtDlpArguments
{
    /// <summary>The file that a download leaves in its folder.</summary>
    public const string FileName = "clip";

    /// <summary>What a line of progress begins with; bytes and total follow, <c>NA</c> where it does not know.</summary>
    public const string Progress = "makevideo-progress";

    // No settings and no cache of the user who runs the silo; one owner of retries outside, so few inside.
    private static readonly ImmutableArray<string> Always = ["--ignore-config", "--no-cache-dir", "--no-warnings", "--socket-timeout", "15", "--retries", "1", "--extractor-retries", "1"];

    /// <summary>The first so many results, one JSON object a line, without a visit to each.</summary>
    public static ImmutableArray<string> Search(string text, int results) =>
        [.. Always, "--flat-playlist", "--dump-json", "--", string.Create(CultureInfo.InvariantCulture, $"ytsearch{results}:{Library.OneLine.Of(text, 200)}")];

    /// <summary>
    /// One video into <see cref="FileName"/>: pictures alone where they come alone, as the sound is not used; no larger than the output's height. Nothing is merged
    /// or converted, so no ffmpeg is needed.
    /// </summary>
    public static ImmutableArray<string> Fetch(string page, long maxBytes) =>
    [
        .. Always, "--no-playlist", "--no-mtime", "--no-part", "--newline", "--progress",
        "--progress-template", $"download:{Progress} %(progress.downloaded_bytes)s %(progress.total_bytes)s",
        "--max-filesize", maxBytes.ToString(CultureInfo.InvariantCulture),
        "-f", "bv[ext=mp4][height<=1920]/b[ext=mp4][height<=1920]/b[height<=1920]/b",
        "-o", FileName, "--", page,
    ];
}
