using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MakeVideo.Benchmarks;

/// <summary>What a piece of work cost: this process and every child that ended meanwhile, by the kernel's own accounting (getrusage(2)).</summary>
/// <param name="Cpu">Seconds, user and system.</param>
/// <param name="Wall">Seconds.</param>
internal sealed record Usage(double Cpu, double Wall)
{
    private const int Self = 0;
    private const int Children = -1;

    public static async Task<Usage> OfAsync(Func<Task> work)
    {
        var (cpu, started) = (CpuSeconds(), Stopwatch.GetTimestamp());
        await work();
        return new(CpuSeconds() - cpu, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static double CpuSeconds() => Seconds(Self) + Seconds(Children);

    private static double Seconds(int who)
    {
        _ = GetUsage(who, out var usage);
        return usage.UserSeconds + usage.SystemSeconds + ((usage.UserMicroseconds + usage.SystemMicroseconds) / 1e6);
    }

    [DllImport("libc", EntryPoint = "getrusage")]
    private static extern int GetUsage(int who, out ResourceUsage usage);

    // struct rusage of Linux: two timevals, then fourteen longs that are not needed here.
    [StructLayout(LayoutKind.Sequential, Size = 144)]
    private struct ResourceUsage
    {
        public long UserSeconds;
        public long UserMicroseconds;
        public long SystemSeconds;
        public long SystemMicroseconds;
    }
}
