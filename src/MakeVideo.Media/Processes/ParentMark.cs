using System.Globalization;

namespace MakeVideo.Media.Processes;

/// <summary>
/// Says in a child's environment, and so in that of all its descendants, which process started it: <c>PID:START</c>. A pid alone would not
/// do, for the next process may have it.
/// </summary>
internal readonly record struct ParentMark(int Pid, long Started)
{
    /// <summary>The environment variable.</summary>
    public const string Variable = "MAKEVIDEO_PARENT";

    /// <summary>Of this process.</summary>
    public static ParentMark Own { get; } = new(Environment.ProcessId, ProcessStat.Of(Environment.ProcessId)?.Started ?? 0);

    /// <summary>Whether the process it names still runs.</summary>
    public bool Lives => ProcessStat.Of(Pid) is { Lives: true } parent && parent.Started == Started;

    /// <summary>Null when it is no mark.</summary>
    public static ParentMark? Parse(ReadOnlySpan<char> text)
    {
        var colon = text.IndexOf(':');
        return colon > 0
            && int.TryParse(text[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            && long.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var started)
            ? new(pid, started)
            : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Pid}:{Started}");
}
