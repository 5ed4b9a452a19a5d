using System.Globalization;

namespace MakeVideo.EndToEndTests.Processes;

/// <summary>A control group with so much memory, for a process and its children; version 1 and 2 of the kernel's interface.</summary>
internal sealed class MemoryGroup : IDisposable
{
    private static readonly bool First = Directory.Exists("/sys/fs/cgroup/memory");

    private readonly string _folder;

    private MemoryGroup(string folder) => _folder = folder;

    /// <summary>What starts a process in it and becomes it.</summary>
    public string[] Launcher => ["sh", "-c", $"echo $$ > {_folder}/cgroup.procs && exec \"$@\"", "sh"];

    /// <summary>How many of its processes the kernel has ended for want of memory.</summary>
    public int Killed => int.Parse(
        File.ReadLines(Path.Combine(_folder, First ? "memory.oom_control" : "memory.events")).Single(line => line.StartsWith("oom_kill ", StringComparison.Ordinal)).Split(' ')[1],
        CultureInfo.InvariantCulture);

    /// <summary>Null where it cannot be made.</summary>
    public static MemoryGroup? TryMake(int megabytes)
    {
        var folder = Path.Combine(First ? "/sys/fs/cgroup/memory" : "/sys/fs/cgroup", $"makevideo-test-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, First ? "memory.limit_in_bytes" : "memory.max"), $"{megabytes}M");
            return new(folder);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(_folder);
        }
        catch (IOException)
        {
            // The last process of it is not yet gone; an empty group costs nothing.
        }
    }
}
