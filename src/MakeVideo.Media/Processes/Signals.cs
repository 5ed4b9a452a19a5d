using System.Runtime.InteropServices;

namespace MakeVideo.Media.Processes;

/// <summary>kill(2) for a child's whole group; .NET signals only single processes.</summary>
internal static partial class Signals
{
    public const int Kill = 9;
    public const int Terminate = 15;

    /// <summary>ILL, TRAP, ABRT, BUS, FPE, SEGV, SYS: what a program brings on itself.</summary>
    public static bool IsCrash(int signal) => signal is 4 or 5 or 6 or 7 or 8 or 11 or 31;

    /// <summary>Signals the group that <paramref name="pid"/> leads; before it leads one (it is still on its way through setsid), the process alone.</summary>
    /// <returns>Whether there was anyone to signal.</returns>
    public static bool Send(int pid, int signal) => SendToOne(-pid, signal) || (signal != Kill && SendToOne(pid, signal));

    /// <summary>Signals a single process.</summary>
    /// <returns>Whether there was one.</returns>
    public static bool SendToOne(int pid, int signal) => KillNative(pid, signal) == 0;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int KillNative(int pid, int signal);
}
