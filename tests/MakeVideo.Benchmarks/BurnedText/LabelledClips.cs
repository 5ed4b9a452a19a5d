using System.Collections.Immutable;
using System.Globalization;

namespace MakeVideo.Benchmarks.BurnedText;

/// <summary>A clip whose right verdict is known.</summary>
/// <param name="Path">Of the file.</param>
/// <param name="Kind">What it is, for the table.</param>
/// <param name="HasText">Whether it must be rejected.</param>
/// <param name="Seconds">Of video.</param>
internal sealed record LabelledClip(string Path, string Kind, bool HasText, double Seconds);

/// <summary>
/// Makes the labelled set: backgrounds from ffmpeg's generators and from real clips, plain and under text of many styles. Text that changes in
/// its place (subtitles, single words, a news crawl) is to be rejected; logos, clocks, signs that the camera passes and busy textures are not.
/// </summary>
internal static class LabelledClips
{
    private const int Seconds = 8;

    private static readonly (string Name, string Source)[] Generated =
    [
        ("mandelbrot", "mandelbrot=size=540x960:rate=25:end_scale=0.01"),
        ("life", "life=size=135x240:rate=30:mold=10:ratio=0.3:death_color=#203050:life_color=#f0c040,scale=540:960:flags=neighbor"),
        ("cellauto", "cellauto=size=240x426:rate=24:rule=110,scale=540:960:flags=neighbor"),
        ("cellauto30", "cellauto=size=320x180:rate=24:rule=30:scroll=1,scale=1280:720:flags=neighbor"),
        ("gradients", "gradients=size=1280x720:rate=30:speed=0.03"),
        ("testsrc2", "testsrc2=size=720x1280:rate=30"),
        ("testsrc2-small", "testsrc2=size=320x240:rate=30"),
        ("testsrc2-square", "testsrc2=size=1080x1080:rate=30"),
        ("testsrc2-lying", "testsrc2=size=640x360:rate=25"),
        ("testsrc2-full", "testsrc2=size=1920x1080:rate=60"),
        ("testsrc", "testsrc=size=640x360:rate=30"),
        ("smptebars", "smptehdbars=size=1280x720:rate=30"),
        ("sierpinski", "sierpinski=size=540x960:rate=30:type=triangle"),
        ("carpet", "sierpinski=size=640x480:rate=30:type=carpet"),
        ("plasma", "nullsrc=size=270x480:rate=25,geq=r='128+127*sin(X/40+T*2)':g='128+127*sin(Y/50-T)':b='128+127*sin((X+Y)/60+T*3)',scale=540:960"),
        ("noise", "color=gray:size=640x360:rate=25,noise=alls=80:allf=t"),
        ("bricks", "nullsrc=size=640x360:rate=25,geq=lum='if(lt(mod(Y+T*20,24),3)+lt(mod(X+24*mod(floor((Y+T*20)/24),2),48),3),40,170+30*sin(X*Y/900))':cb=110:cr=150"),
        ("windows", "nullsrc=size=540x960:rate=25,geq=lum='if(between(mod(X+T*30,40),8,32)*between(mod(Y,56),10,44),60+160*mod(floor((X+T*30)/40)*7+floor(Y/56)*13,3)/2,90)':cb=128:cr=128"),
        ("zoneplate", "nullsrc=size=640x360:rate=25,geq=lum='128+127*sin((X-320)*(X-320)/900+(Y-180)*(Y-180)/900+T*4)':cb=128:cr=128"),
    ];

    private static readonly string[] Lines =
    [
        "You can begin with one word", "and then another one follows it", "until the story is told.", "Nobody knew what it meant", "but everybody kept reading",
        "to the very end of it.", "It was late in the city", "and the lights were out",
    ];

    /// <summary>Other words than those that thresholds were chosen with.</summary>
    private static readonly string[] OtherLines =
    [
        "Wait, is this really the way?", "My grandmother baked it every Sunday", "Three cups of flour", "Quickly now!", "Rivers bend where mountains stand",
        "I'll never forget that summer", "Look at him go", "Part two comes out tomorrow",
    ];

    /// <summary>Writes the set into a folder; what is there already is kept.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="other">Other words on other backgrounds: a set that nothing was tuned on.</param>
    public static ImmutableArray<LabelledClip> Make(string folder, bool other)
    {
        Directory.CreateDirectory(folder);
        var backgrounds = Generated.Select(source => (source.Name, Clip: Encode(folder, $"plain-{source.Name}.mp4", ["-f", "lavfi", "-i", source.Source, "-t", $"{Seconds}"]))).ToList();
        var real = Real(folder);
        var set = ImmutableArray.CreateBuilder<LabelledClip>();
        set.AddRange(backgrounds.Select(clip => new LabelledClip(clip.Clip, "plain, textured", false, Seconds)));
        set.AddRange(real.Select(clip => new LabelledClip(clip.Clip, "plain, real", false, clip.Seconds)));
        var canvases = real.Where(clip => clip.Seconds >= 7).Select(clip => (clip.Name, clip.Clip))
            .Concat(backgrounds.Where(clip => clip.Name is "mandelbrot" or "gradients" or "plasma" or "life" or "windows")).ToArray();
        var turn = other ? 7 : 0;
        foreach (var (name, kind, hasText, script) in BurnedScripts.All(other ? OtherLines : Lines, Seconds))
        {
            for (var round = 0; round < 3; round++)
            {
                var canvas = canvases[turn++ % canvases.Length];
                set.Add(new(Burn(folder, $"{(other ? "other-" : "")}{name}-{round}-{canvas.Name}", canvas.Clip, script), kind, hasText, Seconds));
            }
        }

        return set.ToImmutable();
    }

    /// <summary>The real clips as they are, and the longer ones cut to the set's length, upright and lying.</summary>
    private static List<(string Name, string Clip, double Seconds)> Real(string folder)
    {
        var clips = new List<(string, string, double)>();
        if (Environment.GetEnvironmentVariable("MAKEVIDEO_MEDIA") is not { Length: > 0 } media)
        {
            return clips;
        }

        foreach (var path in Directory.GetFiles(Path.Combine(media, "clips")).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileNameWithoutExtension(path);
            if (!name.Contains("detection", StringComparison.Ordinal))
            {
                clips.Add((name, path, 2.4));

                // To and fro, so that there is room for several subtitles.
                clips.Add((name + "-long", Encode(folder, $"real-{name}.mp4", ["-stream_loop", "4", "-i", path, "-t", $"{Seconds}", "-an"]), Seconds));
                continue;
            }

            foreach (var (part, start) in new[] { ("a", 0), ("b", 11), ("c", 20) })
            {
                clips.Add((name + part, Encode(folder, $"real-{name}-{part}.mp4", ["-ss", start.ToString(CultureInfo.InvariantCulture), "-i", path, "-t", $"{Seconds}", "-an"]), Seconds));
            }

            clips.Add((name + "-tall", Encode(folder, $"real-{name}-tall.mp4", ["-i", path, "-t", $"{Seconds}", "-an", "-vf", "crop=ih*9/16:ih,scale=720:1280"]), Seconds));
        }

        return clips;
    }

    private static string Burn(string folder, string name, string canvas, string script)
    {
        var ass = $"{name}.ass";
        File.WriteAllText(Path.Combine(folder, ass), script);
        return Encode(folder, $"{name}.mp4", ["-i", canvas, "-an", "-vf", $"ass={ass}"]);
    }

    private static string Encode(string folder, string name, IEnumerable<string> arguments)
    {
        var path = Path.Combine(folder, name);
        if (!File.Exists(path))
        {
            RenderMaterial.Ffmpeg(folder, [.. arguments, "-c:v", "libx264", "-preset", "veryfast", "-crf", "24", "-pix_fmt", "yuv420p", name + ".part.mp4"]);
            File.Move(Path.Combine(folder, name + ".part.mp4"), path);
        }

        return path;
    }
}
