using System.Globalization;
using MakeVideo.EndToEndTests.Processes;
using MakeVideo.Media.Processes;

namespace MakeVideo.EndToEndTests.Media;

/// <summary>A shell script in a folder of its own that plays a child with a fault; it notes the pids of its processes for the test.</summary>
internal sealed class Script
{
    private readonly string _path;

    /// <param name="folder">Its working folder.</param>
    /// <param name="text">Lines of sh(1).</param>
    /// <param name="name">Of the file: that of the program whose place it takes.</param>
    public Script(string folder, string text, string name = "script")
    {
        Folder = folder;
        _path = Path.Combine(folder, name);
        File.WriteAllText(_path, $"#!/bin/sh\n{text}\n");
        File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    public string Folder { get; }

    /// <summary>Run by name of its interpreter: a file just written may still be open in another test's child, and then cannot be executed.</summary>
    public ChildRun Run => new() { Program = "sh", Arguments = [_path], Folder = Folder, Step = "test" };

    /// <summary>The pid that the script wrote with <c>echo PID > name</c>, as soon as it is there.</summary>
    public Task<int> PidAsync(string name) => PidAsync(Folder, name);

    /// <inheritdoc cref="PidAsync(string)"/>
    public static async Task<int> PidAsync(string folder, string name)
    {
        var pid = 0;
        var path = Path.Combine(folder, name);
        await Eventually.HoldsAsync(
            () => File.Exists(path) && File.ReadAllText(path) is [.., '\n'] text && int.TryParse(text, CultureInfo.InvariantCulture, out pid), () => $"No {name}.");
        return pid;
    }

    /// <summary>True while the process runs; one that is dead and not yet buried does not.</summary>
    public static bool Lives(int pid) => ProcessStat.Of(pid) is { Lives: true };

    /// <summary>Fails when the process still runs after so many seconds.</summary>
    public static Task DiesAsync(int pid, double seconds = 60) => Eventually.HoldsAsync(() => !Lives(pid), () => $"Process {pid} still runs after {seconds} s.", seconds);
}
