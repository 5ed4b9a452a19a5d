using System.Globalization;

namespace MakeVideo.EndToEndTests.Media;

/// <summary>Clips with text burned into them.</summary>
internal static class BurnedClips
{
    private static readonly string[] Lines = ["Nobody knew what it meant", "but all of them", "kept reading to the end", "of the night"];

    /// <summary>Seconds.</summary>
    public const int Duration = 6;

    /// <summary>Four subtitles of a second and a half.</summary>
    public static string Subtitled(MediaFixture media, string name = "burned-subtitles.mp4") =>
        Burn(media, name, 50, 2, Lines.Select((line, index) => (index * 1.5, (index * 1.5) + 1.4, line)));

    /// <summary>Another word in the middle every 0.4 s.</summary>
    public static string SingleWords(MediaFixture media) =>
        Burn(media, "burned-words.mp4", 84, 5, string.Join(' ', Lines).Split(' ').Select((word, index) => (index * 0.4, (index + 1) * 0.4, word.ToUpperInvariant())));

    /// <summary>One name in a corner from beginning to end.</summary>
    public static string Logo(MediaFixture media) => Burn(media, "burned-logo.mp4", 48, 9, [(0, Duration, "MakeVideo")]);

    /// <summary>A clock in a corner.</summary>
    public static string Clock(MediaFixture media) =>
        Burn(media, "burned-clock.mp4", 44, 3, Enumerable.Range(0, Duration).Select(second => ((double)second, second + 1.0, $"2026-11-24 12:00:{second + 10}")));

    /// <summary>A word that the picture moves past.</summary>
    public static string PassingSign(MediaFixture media) => Burn(media, "burned-sign.mp4", 70, 7, [(0, Duration, @"{\move(1000,420,-300,400)}BAKERY")]);

    /// <summary>Nothing but a picture.</summary>
    public static string Plain(MediaFixture media) => media.Make("burned-not.mp4", [.. Background, .. Encoding]);

    private static string[] Background => ["-f", "lavfi", "-i", string.Create(CultureInfo.InvariantCulture, $"mandelbrot=size=480x640:rate=15:end_scale=0.01,trim=duration={Duration}")];

    private static string[] Encoding => ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"];

    private static string Burn(MediaFixture media, string name, int size, int alignment, IEnumerable<(double Start, double End, string Text)> cues)
    {
        var script = Path.Combine(media.Folder, name + ".ass");
        File.WriteAllText(script, $"""
            [Script Info]
            ScriptType: v4.00+
            PlayResX: 1000
            PlayResY: 1000
            [V4+ Styles]
            Format: Name, Fontname, Fontsize, PrimaryColour, OutlineColour, Bold, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV
            Style: D,DejaVu Sans,{size},&HFFFFFF,&H000000,-1,1,3,0,{alignment},40,40,60
            [Events]
            Format: Layer, Start, End, Style, Text
            {string.Join('\n', cues.Select(cue => string.Create(CultureInfo.InvariantCulture, $"Dialogue: 0,0:00:{cue.Start:00.00},0:00:{cue.End:00.00},D,{cue.Text}")))}

            """);
        return media.Make(name, [.. Background, "-vf", $"ass={script}", .. Encoding]);
    }
}
