using System.Globalization;

namespace MakeVideo.Media.Processes;

/// <summary>What the kernel says of one process in <c>/proc/PID/stat</c> (proc(5)).</summary>
/// <param name="Pid">Of the process.</param>
/// <param name="State">One letter; Z and X are dead.</param>
/// <param name="Group">The process group.</param>
/// <param name="Started">Clock ticks between the machine's start and the process's: with the pid, it names a process once and for all.</param>
internal readonly record struct ProcessStat(int Pid, char State, int Group, long Started)
{
    // Fields 3, 5 and 22, counted from the one after the name.
    private const int StateField = 0;
    private const int GroupField = 2;
    private const int StartedField = 19;

    public bool Lives => State is not ('Z' or 'X' or 'x');

    /// <summary>Null when there is no such process any more.</summary>
    public static ProcessStat? Of(int pid)
    {
        try
        {
            return Parse(pid, File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat")));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The most memory that a process has held so far, in bytes (VmHWM of <c>/proc/PID/status</c>); null when there is no such process any more.</summary>
    public static long? PeakMemory(int pid)
    {
        const string Field = "VmHWM:";
        try
        {
            var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/status")).FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal));
            return line is not null && long.TryParse(line[Field.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture, out var kilobytes) ? kilobytes << 10 : null;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The name stands in brackets and may hold anything, brackets and blanks included: fields are counted from the last one.</summary>
    public static ProcessStat? Parse(int pid, string line)
    {
        var fields = line[(line.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > StartedField
            && int.TryParse(fields[GroupField], CultureInfo.InvariantCulture, out var group)
            && long.TryParse(fields[StartedField], CultureInfo.InvariantCulture, out var started)
            ? new(pid, fields[StateField][0], group, started)
            : null;
    }
}
