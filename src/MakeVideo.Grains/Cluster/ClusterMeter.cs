using System.Diagnostics.Metrics;
using System.Reflection;
using MakeVideo.Contracts;
using MakeVideo.Grains.Jobs;
using MakeVideo.Grains.Upstreams;

namespace MakeVideo.Grains.Cluster;

/// <summary>What a silo counts of jobs, items and recoveries. Never labelled by job: every label's values are a handful that the code names.</summary>
internal sealed class ClusterMeter
{
    /// <summary>Name of the meter, for exporters.</summary>
    public const string Name = "MakeVideo";

    /// <summary>Seconds: from an item that is found to a job of an hour.</summary>
    private static readonly InstrumentAdvice<double> LongBuckets = new() { HistogramBucketBoundaries = [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200] };

    /// <summary>Seconds: finest where the promise is, 5 to 20.</summary>
    private static readonly InstrumentAdvice<double> RecoveryBuckets = new() { HistogramBucketBoundaries = [0.5, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 60, 120, 300] };

    private readonly Counter<long> _submitted;
    private readonly Counter<long> _finished;
    private readonly Histogram<double> _jobSeconds;
    private readonly Histogram<double> _stageSeconds;
    private readonly Counter<long> _recoveries;
    private readonly Histogram<double> _recoverySeconds;
    private readonly Counter<long> _fenced;
    private readonly Counter<long> _items;
    private readonly Counter<long> _cache;
    private readonly Counter<long> _quarantined;
    private readonly Counter<long> _timeouts;

    public ClusterMeter(IMeterFactory meters, WorkerSlots slots, RunningJobs running, UpstreamSights upstreams, Census census)
    {
        var meter = meters.Create(Name);
        _submitted = meter.CreateCounter<long>("makevideo_jobs_submitted", description: "Jobs that came to a silo, by what became of them: accepted or refused");
        _finished = meter.CreateCounter<long>("makevideo_jobs_finished", description: "Jobs that came to an end, by outcome and by whose fault it was");
        _jobSeconds = meter.CreateHistogram<double>("makevideo_job_duration_seconds", "s", "From submission to the end, by outcome", advice: LongBuckets);
        _stageSeconds = meter.CreateHistogram<double>("makevideo_stage_duration_seconds", "s", "From a stage's beginning to its end, by stage and outcome", advice: LongBuckets);
        _recoveries = meter.CreateCounter<long>("makevideo_job_recoveries", description: "Jobs taken up anew, by cause and outcome: resumed, or given up as poison");
        _recoverySeconds = meter.CreateHistogram<double>("makevideo_job_recovery_duration_seconds", "s", "From the last sign of life before to the first one after", advice: RecoveryBuckets);
        _fenced = meter.CreateCounter<long>("makevideo_fenced_writes", description: "Writes and reports of overtaken attempts that were refused");
        _items = meter.CreateCounter<long>("makevideo_items", description: "Clips and segments, by stage and outcome");
        _cache = meter.CreateCounter<long>("makevideo_cache_requests", description: "Clips that were asked for, by whether the cache had them: hit, miss or rejected");
        _timeouts = meter.CreateCounter<long>("makevideo_stage_timeouts", description: "Stages that ran out of their budget, by stage");
        _quarantined = meter.CreateCounter<long>("makevideo_jobs_quarantined", description: "Jobs whose stored state cannot be read");
        meter.CreateObservableGauge("makevideo_slots", () => new[] { new Measurement<int>(slots.Used, Kind("used")), new(slots.Limit, Kind("limit")), new(slots.Waiting, Kind("waiting")) }, description: "Slots of this silo");
        meter.CreateObservableGauge("makevideo_jobs_here", () => running.Count, description: "Jobs that live on this silo");
        meter.CreateObservableGauge("makevideo_jobs_parked", running.Parked, description: "Jobs on this silo that wait for what passes by itself, by reason");
        meter.CreateObservableGauge("makevideo_upstream_breaker_state", upstreams.Breakers, description: "Breaker of an upstream: 0 closed, 1 half open, 2 open; told by the silo that keeps its gate");
        meter.CreateObservableGauge("makevideo_upstream_permits", upstreams.Permits, description: "Calls to an upstream that are out, cluster-wide");
        meter.CreateObservableGauge("makevideo_upstream_throttled_seconds", upstreams.Throttled, "s", "How much longer an upstream asked to be left alone");

        // What follows is of the whole cluster, and each silo tells the same: aggregate with max, not with sum.
        meter.CreateObservableGauge("makevideo_jobs", census.Jobs, description: "Jobs in the cluster, by kind of status");
        meter.CreateObservableGauge("makevideo_jobs_orphaned", census.Orphaned, description: "Jobs in the cluster with work left that gave no sign of life for three intervals");
        meter.CreateObservableGauge("makevideo_dead_letter_jobs", census.DeadLettered, description: "Jobs in the cluster that were given up and wait for somebody");
        meter.CreateObservableGauge("makevideo_queue_oldest_age_seconds", census.OldestAge, "s", "Since the oldest job in line was submitted; 0 when none is in line");
        meter.CreateObservableGauge("makevideo_orphan_scan_timestamp_seconds", census.ScannedAt, "s", "Unix time of this silo's last look at the cluster's jobs");
        meter.CreateObservableGauge("makevideo_storage_free_bytes", census.FreeBytes, "By", "Free for us on the disk of an area");
        meter.CreateObservableGauge("makevideo_storage_capacity_bytes", census.CapacityBytes, "By", "Size of the disk of an area");
        meter.CreateObservableGauge("makevideo_storage_used_bytes", census.UsedBytes, "By", "Bytes of our files, by area");
        var version = typeof(ClusterMeter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        meter.CreateObservableGauge("makevideo_build_info", () => new Measurement<int>(1, new("version", version.Split('+')[0]), new("schema", PersistedState.CurrentVersion)), description: "1, by version and by that of the stored state");
    }

    public void Submitted(bool accepted) => _submitted.Add(1, new KeyValuePair<string, object?>("result", accepted ? "accepted" : "refused"));

    /// <param name="outcome">Its final status.</param>
    /// <param name="failure">Why, when it did not complete.</param>
    /// <param name="seconds">Since it was submitted.</param>
    public void Finished(JobStatus outcome, JobFailure? failure, double seconds)
    {
        var label = Outcome(ApiNames.Of(outcome));
        _finished.Add(1, label, new("fault", failure is null ? "none" : Faults.Of(failure)));
        _jobSeconds.Record(Math.Max(0, seconds), label);
    }

    public void StageEnded(JobStage stage, StageStatus outcome, double seconds) => _stageSeconds.Record(Math.Max(0, seconds), Stage(stage), Outcome(ApiNames.Of(outcome)));

    public void Recovered(WakeCause cause, double seconds)
    {
        var label = new KeyValuePair<string, object?>("cause", ApiNames.Of(cause));
        _recoveries.Add(1, label, Outcome("resumed"));
        _recoverySeconds.Record(seconds, label);
    }

    /// <summary>A job that was taken up once too often.</summary>
    public void GivenUp(WakeCause cause) => _recoveries.Add(1, new("cause", ApiNames.Of(cause)), Outcome("given_up"));

    /// <param name="kind">What was refused: <c>state</c>, <c>report</c>.</param>
    public void Fenced(string kind) => _fenced.Add(1, Kind(kind));

    /// <param name="stage">Clips or segments.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="redone">It had been done before, and was lost.</param>
    public void Item(JobStage stage, ItemStatus outcome, bool redone) => _items.Add(1, Stage(stage), Outcome(redone ? "redone" : ApiNames.Of(outcome)));

    /// <param name="result"><c>hit</c>, <c>miss</c>, or <c>rejected</c>: it is known to be unfit.</param>
    public void ClipAsked(string result) => _cache.Add(1, new KeyValuePair<string, object?>("result", result));

    public void TimedOut(JobStage stage) => _timeouts.Add(1, Stage(stage));

    public void Quarantined() => _quarantined.Add(1);

    private static KeyValuePair<string, object?> Kind(string kind) => new("kind", kind);

    private static KeyValuePair<string, object?> Outcome(string outcome) => new("outcome", outcome);

    private static KeyValuePair<string, object?> Stage(JobStage stage) => new("stage", ApiNames.Of(stage));
}
