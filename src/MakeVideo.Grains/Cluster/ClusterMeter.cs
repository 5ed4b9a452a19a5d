using System.Diagnostics.Metrics;
using MakeVideo.Contracts;
using MakeVideo.Grains.Upstreams;

namespace MakeVideo.Grains.Cluster;

/// <summary>What the cluster counts of its own recoveries. Never labelled by job.</summary>
internal sealed class ClusterMeter
{
    /// <summary>Name of the meter, for exporters.</summary>
    public const string Name = "MakeVideo";

    private readonly Counter<long> _recoveries;
    private readonly Histogram<double> _recoverySeconds;
    private readonly Counter<long> _fenced;
    private readonly Counter<long> _finished;
    private readonly Counter<long> _items;
    private readonly Counter<long> _quarantined;
    private readonly Counter<long> _timeouts;

    public ClusterMeter(IMeterFactory meters, WorkerSlots slots, RunningJobs running, UpstreamSights upstreams)
    {
        var meter = meters.Create(Name);
        _recoveries = meter.CreateCounter<long>("makevideo_job_recoveries", description: "Jobs taken up anew, by cause");
        _recoverySeconds = meter.CreateHistogram<double>("makevideo_job_recovery_duration_seconds", "s", "From the last sign of life before to the first one after");
        _fenced = meter.CreateCounter<long>("makevideo_fenced_writes", description: "Writes and reports of overtaken attempts that were refused");
        _finished = meter.CreateCounter<long>("makevideo_jobs_finished", description: "Jobs that came to an end, by outcome");
        _items = meter.CreateCounter<long>("makevideo_items", description: "Clips and segments, by stage and outcome");
        _timeouts = meter.CreateCounter<long>("makevideo_stage_timeouts", description: "Stages that ran out of their budget, by stage");
        _quarantined = meter.CreateCounter<long>("makevideo_jobs_quarantined", description: "Jobs whose stored state cannot be read");
        meter.CreateObservableGauge("makevideo_slots", () => new[] { new Measurement<int>(slots.Used, Kind("used")), new(slots.Limit, Kind("limit")), new(slots.Waiting, Kind("waiting")) }, description: "Slots of this silo");
        meter.CreateObservableGauge("makevideo_jobs_here", () => running.Count, description: "Jobs that live on this silo");
        meter.CreateObservableGauge("makevideo_upstream_breaker", upstreams.Breakers, description: "Breaker of an upstream: 0 closed, 1 half open, 2 open; told by the silo that keeps its gate");
        meter.CreateObservableGauge("makevideo_upstream_permits", upstreams.Permits, description: "Calls to an upstream that are out, cluster-wide");
        meter.CreateObservableGauge("makevideo_upstream_throttled_seconds", upstreams.Throttled, "s", "How much longer an upstream asked to be left alone");
    }

    public void Recovered(WakeCause cause, double seconds)
    {
        var label = new KeyValuePair<string, object?>("cause", ApiNames.Of(cause));
        _recoveries.Add(1, label);
        _recoverySeconds.Record(seconds, label);
    }

    /// <param name="kind">What was refused: <c>state</c>, <c>report</c>.</param>
    public void Fenced(string kind) => _fenced.Add(1, Kind(kind));

    public void Finished(JobStatus outcome) => _finished.Add(1, new KeyValuePair<string, object?>("outcome", ApiNames.Of(outcome)));

    public void Item(JobStage stage, ItemStatus outcome) =>
        _items.Add(1, new KeyValuePair<string, object?>("stage", ApiNames.Of(stage)), new KeyValuePair<string, object?>("outcome", ApiNames.Of(outcome)));

    public void TimedOut(JobStage stage) => _timeouts.Add(1, new KeyValuePair<string, object?>("stage", ApiNames.Of(stage)));

    public void Quarantined() => _quarantined.Add(1);

    private static KeyValuePair<string, object?> Kind(string kind) => new("kind", kind);
}
