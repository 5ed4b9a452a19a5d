using System.Runtime.InteropServices;

namespace MakeVideo.Media.Processes;

/// <summary>kill(2) for a child's whole group; .NET signals only single processes.</summary>
internal static partial class Signals
{
    public const int Kill = 9;
    public const int Terminate = 15;

    private const int NoSuchProcess = -1;

    /// <summary>Signals the group that <paramref name="pid"/> leads; before it leads one (it is still on its way through setsid), the process alone.</summary>
    public static void Send(int pid, int signal)
    {
        if (KillNative(-pid, signal) == NoSuchProcess && signal != Kill)
        {
            _ = KillNative(pid, signal);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int KillNative(int pid, int signal);
}
