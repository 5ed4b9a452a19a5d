using System.Diagnostics;
using MakeVideo.Media;
using MakeVideo.Media.Processes;
using MakeVideo.Media.Rendering;
using Microsoft.Extensions.DependencyInjection;

[assembly: AssemblyFixture(typeof(MakeVideo.EndToEndTests.Media.MediaFixture))]

namespace MakeVideo.EndToEndTests.Media;

/// <summary>A folder of generated media, ordinary and odd, and the real parts that read it. Made once for all tests.</summary>
public sealed class MediaFixture : IDisposable
{
    private readonly ServiceProvider _services;

    public MediaFixture()
    {
        Folder = Directory.CreateTempSubdirectory("makevideo-media-").FullName;
        var services = new ServiceCollection().AddMedia().AddLogging();
        _services = services.BuildServiceProvider();
    }

    public string Folder { get; }

    internal T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    internal IProcessRunner Runner => Get<IProcessRunner>();

    /// <summary>A folder of the test's own.</summary>
    public string Fresh() => Directory.CreateDirectory(Path.Combine(Folder, Guid.NewGuid().ToString("N"))).FullName;

    /// <summary>A generated file; the same name and arguments make it only once.</summary>
    public string Make(string name, params string[] arguments)
    {
        var path = Path.Combine(Folder, name);
        lock (_services)
        {
            if (!File.Exists(path))
            {
                Ffmpeg([.. arguments, path]);
            }
        }

        return path;
    }

    /// <summary>Moving colour bars with a counter: <paramref name="rate"/> frames/s.</summary>
    public string Clip(string name, string rate = "30", double seconds = 3, string size = "320x240", params string[] encoding) => Make(
        name, [
            "-f", "lavfi", "-i", FormattableString.Invariant($"testsrc2=size={size}:rate={rate}:duration={seconds}"), "-c:v", "libx264", "-preset", "ultrafast",
            .. encoding]);

    /// <summary>Every third frame of 30 a second, and after two seconds every one.</summary>
    public string Variable() => Make(
        "variable.mkv", "-f", "lavfi", "-i", "testsrc2=size=320x240:rate=30:duration=4", "-vf", "select='not(mod(n,3))+gt(t,2)'", "-fps_mode", "vfr", "-c:v", "libx264", "-preset", "ultrafast");

    /// <summary>A tone.</summary>
    public string Tone(string name, double seconds) => Make(name, "-f", "lavfi", "-i", FormattableString.Invariant($"sine=frequency=440:duration={seconds}"));

    /// <summary>A clip whose picture lies on its side, with a display matrix that says so: red above, blue below when upright (240x320).</summary>
    public async Task<string> RotatedAsync()
    {
        string[] lying =
        [
            "-f", "lavfi", "-i", "color=red:size=160x240:rate=30:duration=3", "-f", "lavfi", "-i", "color=blue:size=160x240:rate=30:duration=3",
            "-filter_complex", "[0][1]hstack", "-c:v", "libx264", "-preset", "ultrafast",
        ];
        var version = (await RenderTools.VersionAsync(Runner, "ffmpeg", CancellationToken.None))!;

        // ffmpeg 5 writes the matrix from a tag, later ones from an option of the input.
        return version.Contains("version 5.", StringComparison.Ordinal)
            ? Make("rotated.mp4", "-i", Make("lying.mp4", lying), "-c", "copy", "-metadata:s:v", "rotate=270")
            : Make("rotated.mp4", "-display_rotation", "-90", "-i", Make("lying.mp4", lying), "-c", "copy");
    }

    public static void Ffmpeg(params string[] arguments)
    {
        using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", ["-v", "error", "-nostdin", "-y", .. arguments]) { RedirectStandardError = true })!;
        var errors = ffmpeg.StandardError.ReadToEnd();
        ffmpeg.WaitForExit();
        if (ffmpeg.ExitCode != 0)
        {
            throw new InvalidOperationException($"ffmpeg {string.Join(' ', arguments)}: {errors}");
        }
    }

    public void Dispose()
    {
        _services.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
