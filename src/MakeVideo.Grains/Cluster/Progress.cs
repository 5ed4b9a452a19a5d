namespace MakeVideo.Grains.Cluster;

/// <summary>Reports at once on the caller's thread: the last value wins, nothing is queued as <see cref="Progress{T}"/> would.</summary>
internal sealed class Progress(Action<double> report) : IProgress<double>
{
    public void Report(double value) => report(value);
}
