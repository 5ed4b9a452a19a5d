namespace MakeVideo.EndToEndTests.Processes;

/// <summary>
/// An ffmpeg that notes every segment it renders and, past the first few, waits at a gate: a render can then be killed at a known place.
/// Everything else goes straight to the real one.
/// </summary>
internal sealed class GatedFfmpeg
{
    private readonly string _folder;

    public GatedFfmpeg(string folder, int free)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        var real = Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(part => Path.Combine(part, "ffmpeg")).First(File.Exists);
        var script = Path.Combine(_folder, "ffmpeg");
        // A free pass is a folder: making one succeeds for one process only.
        var passes = string.Join(' ', Enumerable.Range(0, free).Select(pass => $"{_folder}/pass{pass}"));
        File.WriteAllText(script, $$"""
            #!/bin/sh
            case "$*" in
            *segment.mp4)
                echo run >> {{_folder}}/runs
                free=
                for pass in {{passes}}; do
                    if [ -z "$free" ] && mkdir "$pass" 2> /dev/null; then free=yes; fi
                done
                until [ -n "$free" ] || [ -e {{_folder}}/open ]; do sleep 0.05; done
                ;;
            esac
            exec {{real}} "$@"
            """);
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    public string Folder => _folder;

    /// <summary>Segments that ffmpeg was started for.</summary>
    public int Runs => File.Exists(Path.Combine(_folder, "runs")) ? File.ReadAllLines(Path.Combine(_folder, "runs")).Length : 0;

    public void Open() => File.WriteAllText(Path.Combine(_folder, "open"), "");
}
