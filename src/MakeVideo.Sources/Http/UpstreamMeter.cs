using System.Diagnostics.Metrics;
using MakeVideo.Contracts;

namespace MakeVideo.Sources.Http;

/// <summary>What is counted of calls to upstreams, by upstream; never by job.</summary>
internal sealed class UpstreamMeter
{
    /// <summary>The product's meter; who exports one exports all of it.</summary>
    private const string Name = "MakeVideo";

    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600] };

    private readonly Counter<long> _requests;
    private readonly Histogram<double> _seconds;

    public UpstreamMeter(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _requests = meter.CreateCounter<long>("makevideo_upstream_requests", description: "Attempts to call an upstream, by outcome; closed: its gate let none out");
        _seconds = meter.CreateHistogram<double>("makevideo_upstream_request_duration_seconds", "s", "One attempt that went out, with its body", advice: Seconds);
    }

    /// <summary>An attempt that went out.</summary>
    public void Called(string upstream, UpstreamVerdict verdict, TimeSpan took)
    {
        _requests.Add(1, new("upstream", upstream), new("outcome", ApiNames.Of(verdict)));
        _seconds.Record(took.TotalSeconds, new KeyValuePair<string, object?>("upstream", upstream));
    }

    /// <summary>A call that the gate did not let out.</summary>
    public void Closed(string upstream) => _requests.Add(1, new("upstream", upstream), new("outcome", "closed"));
}
