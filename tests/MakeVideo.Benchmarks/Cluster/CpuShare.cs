using System.Globalization;

namespace MakeVideo.Benchmarks.Cluster;

/// <summary>A control group with so much of a core, for a process and all its children; version 1 and 2 of the kernel's interface.</summary>
internal sealed class CpuShare : IDisposable
{
    private const int Period = 100_000;

    private readonly string _folder;

    /// <param name="cores">Of CPU time, 0.5 for half a core.</param>
    public CpuShare(double cores)
    {
        var first = Directory.Exists("/sys/fs/cgroup/cpu");
        _folder = Directory.CreateDirectory(Path.Combine(first ? "/sys/fs/cgroup/cpu" : "/sys/fs/cgroup", $"makevideo-bench-{Guid.NewGuid():N}")).FullName;
        var quota = ((int)(cores * Period)).ToString(CultureInfo.InvariantCulture);
        if (first)
        {
            File.WriteAllText(Path.Combine(_folder, "cpu.cfs_period_us"), Period.ToString(CultureInfo.InvariantCulture));
            File.WriteAllText(Path.Combine(_folder, "cpu.cfs_quota_us"), quota);
        }
        else
        {
            File.WriteAllText(Path.Combine(_folder, "cpu.max"), $"{quota} {Period}");
        }
    }

    /// <summary>The command that runs in it.</summary>
    public string[] Command(params string[] command) => ["sh", "-c", $"echo $$ > {_folder}/cgroup.procs && exec \"$@\"", "sh", .. command];

    public void Dispose()
    {
        // Empty by then; the kernel refuses otherwise, and an empty group left behind costs nothing.
        try
        {
            Directory.Delete(_folder);
        }
        catch (IOException)
        {
        }
    }
}
