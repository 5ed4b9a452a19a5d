namespace MakeVideo.Sources;

/// <summary>Reports a part of the work as the stretch that it is of the whole.</summary>
internal sealed class ProgressPart : IProgress<double>
{
    private readonly IProgress<double> _whole;
    private readonly double _from;
    private readonly double _to;

    private ProgressPart(IProgress<double> whole, double from, double to) => (_whole, _from, _to) = (whole, from, to);

    /// <summary>Null when nobody listens.</summary>
    public static IProgress<double>? Of(IProgress<double>? whole, double from, double to) => whole is null ? null : new ProgressPart(whole, from, to);

    public void Report(double value) => _whole.Report(_from + (value * (_to - _from)));
}
