using System.Diagnostics;

namespace MakeVideo.EndToEndTests.Media;

/// <summary>A disk of a few KB, in memory; skips its test where this user may not mount.</summary>
internal sealed class SmallDisk : IDisposable
{
    public SmallDisk(string folder, int kilobytes)
    {
        Folder = folder;
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "none", folder), "Needs the right to mount.");
    }

    public string Folder { get; }

    public void MakeReadOnly() => Assert.True(Run("mount", "-o", "remount,ro", Folder));

    // Lazily: a failed test may still have a file open.
    public void Dispose() => Run("umount", "-l", Folder);

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
