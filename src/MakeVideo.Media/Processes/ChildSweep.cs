using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace MakeVideo.Media.Processes;

/// <summary>
/// Ends what a dead process of ours left running. The kernel's parent-death signal reaches only the child itself, and not one that was
/// about to ask for it when its parent died; this finds the rest, by the mark that all of them carry.
/// </summary>
internal sealed partial class ChildSweep(ILogger<ChildSweep> logger)
{
    /// <summary>Bytes; a child's environment is four short variables.</summary>
    private const int MostEnvironment = 64 * 1024;

    private static readonly byte[] Marked = Encoding.ASCII.GetBytes(ParentMark.Variable + "=");

    /// <summary>Sends KILL to every process of this user, in this container, whose marked parent is gone, and to its group. Entries that vanish or cannot be read are passed over.</summary>
    /// <returns>How many it was sent to; a group counts as one.</returns>
    public int Sweep()
    {
        if (Owner.Of("self") is not { } ours)
        {
            return 0;
        }

        var ended = 0;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pid != Environment.ProcessId
                && IsOrphan(pid, ours) && End(pid))
            {
                ended++;
            }
        }

        if (ended > 0)
        {
            LogEnded(ended);
        }

        return ended;
    }

    // Owner last: it is two more files, and hardly any process gets that far.
    private static bool IsOrphan(int pid, Owner ours) =>
        MarkOf(pid) is { Lives: false } && Owner.Of(pid.ToString(CultureInfo.InvariantCulture)) == ours;

    // Who leads no group stays alone: between fork and setsid a child is still in the group of whoever started its parent.
    private static bool End(int pid) => ProcessStat.Of(pid) is { Lives: true } orphan
        && (orphan.Group == pid ? Signals.Send(pid, Signals.Kill) : Signals.SendToOne(pid, Signals.Kill));

    private static ParentMark? MarkOf(int pid)
    {
        try
        {
            using var file = new FileStream(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/environ"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            var bytes = new byte[MostEnvironment];
            ReadOnlySpan<byte> rest = bytes.AsSpan(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
            foreach (var part in rest.Split((byte)0))
            {
                if (rest[part].StartsWith(Marked))
                {
                    return ParentMark.Parse(Encoding.ASCII.GetString(rest[part][Marked.Length..]));
                }
            }

            return null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Ended {Count} children that a dead process left running")]
    private partial void LogEnded(int count);

    /// <summary>Whose a process is, and where its pids count: a host sees its containers' processes, whose marks name pids of their own.</summary>
    private sealed record Owner(string User, string PidNamespace)
    {
        public static Owner? Of(string process)
        {
            try
            {
                var user = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith("Uid:", StringComparison.Ordinal));
                return user is not null && new FileInfo($"/proc/{process}/ns/pid").LinkTarget is { } pids ? new(user, pids) : null;
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }
}
