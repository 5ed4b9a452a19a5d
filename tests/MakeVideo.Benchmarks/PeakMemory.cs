namespace MakeVideo.Benchmarks;

/// <summary>Samples the resident memory of this process and all below it, four times a second, and keeps the highest sum.</summary>
internal sealed class PeakMemory : IDisposable
{
    private readonly Timer _timer;

    public PeakMemory() => _timer = new(_ => Bytes = Math.Max(Bytes, Sample()), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(250));

    public long Bytes { get; private set; }

    public void Dispose() => _timer.Dispose();

    private static long Sample()
    {
        var parents = new Dictionary<int, int>();
        var sizes = new Dictionary<int, long>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            try
            {
                if (int.TryParse(Path.GetFileName(folder), out var pid))
                {
                    // Fields after the name in parentheses: state, parent, ... ; resident pages are the 24th of all.
                    var stat = File.ReadAllText(Path.Combine(folder, "stat"));
                    var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                    parents[pid] = int.Parse(fields[1], System.Globalization.CultureInfo.InvariantCulture);
                    sizes[pid] = long.Parse(fields[21], System.Globalization.CultureInfo.InvariantCulture) * Environment.SystemPageSize;
                }
            }
            catch (IOException)
            {
                // It ended between the two looks.
            }
        }

        bool IsOurs(int pid) => pid == Environment.ProcessId || (parents.TryGetValue(pid, out var parent) && parent > 1 && IsOurs(parent));
        return sizes.Where(entry => entry.Key != Environment.ProcessId && IsOurs(entry.Key)).Sum(entry => entry.Value);
    }
}
