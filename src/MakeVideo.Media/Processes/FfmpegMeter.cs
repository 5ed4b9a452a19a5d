using System.Diagnostics.Metrics;

namespace MakeVideo.Media.Processes;

/// <summary>What is counted of children, by step and outcome; never by job.</summary>
internal sealed class FfmpegMeter
{
    /// <summary>The product's meter; who exports one exports all of it.</summary>
    private const string Name = "MakeVideo";

    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600] };

    /// <summary>From 16 MB to 4 GB.</summary>
    private static readonly InstrumentAdvice<long> Bytes = new() { HistogramBucketBoundaries = [.. Enumerable.Range(24, 9).Select(power => 1L << power)] };

    private readonly Counter<long> _runs;
    private readonly Histogram<double> _seconds;
    private readonly Histogram<long> _peak;
    private int _active;

    public FfmpegMeter(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _runs = meter.CreateCounter<long>("makevideo_ffmpeg_runs", description: "Runs of ffmpeg and of the other tools, by step and outcome");
        _seconds = meter.CreateHistogram<double>("makevideo_ffmpeg_duration_seconds", "s", "Wall time of one run, by step", advice: Seconds);
        _peak = meter.CreateHistogram<long>("makevideo_ffmpeg_peak_rss_bytes", "By", "Most memory that one run held, as seen every half second; runs that are over sooner are not in it", advice: Bytes);
        meter.CreateObservableGauge("makevideo_ffmpeg_active", () => Volatile.Read(ref _active), description: "Runs under way on this silo");
    }

    public void Started() => Interlocked.Increment(ref _active);

    /// <param name="step">As the run calls it.</param>
    /// <param name="outcome">How it ended; null: we ended it, for its work was stopped.</param>
    /// <param name="took">From its start.</param>
    /// <param name="peak">Bytes; null when it was over before anybody looked.</param>
    public void Ended(string step, ChildOutcome? outcome, TimeSpan took, long? peak)
    {
        Interlocked.Decrement(ref _active);
        _runs.Add(1, new("step", step), new("outcome", Of(outcome)));
        var label = new KeyValuePair<string, object?>("step", step);
        _seconds.Record(took.TotalSeconds, label);
        if (peak is { } bytes)
        {
            _peak.Record(bytes, label);
        }
    }

    private static string Of(ChildOutcome? outcome) => outcome switch
    {
        null => "killed",
        ChildOutcome.Ok => "ok",
        ChildOutcome.Stalled => "stalled",
        ChildOutcome.TimedOut => "timeout",
        ChildOutcome.OutOfMemory => "oom",
        _ => "error",
    };
}
