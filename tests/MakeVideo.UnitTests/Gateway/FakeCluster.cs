using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Reflection;
using MakeVideo.Contracts;

namespace MakeVideo.UnitTests.Gateway;

/// <summary>Jobs in memory behind the grain interfaces that the gateway calls; what a test wants to go wrong is set on it.</summary>
internal sealed partial class FakeCluster
{
    public ConcurrentDictionary<string, JobView> Jobs { get; } = new();

    /// <summary>What a submission is answered with.</summary>
    public Func<JobRequest, Task<Outcome<JobView>>> Admit { get; set; } = request => Task.FromResult<Outcome<JobView>>(Samples.Queued(request));

    /// <summary>What an estimate is answered with.</summary>
    public Func<JobRequest, double?, Outcome<Estimate>> Estimate { get; set; } = (_, seconds) => Samples.Estimate(seconds ?? 11);

    /// <summary>Every call ends with it.</summary>
    public Exception? Outage { get; set; }

    /// <summary>Ids that the index still lists though their jobs are gone.</summary>
    public List<string> Stale { get; } = [];

    /// <summary>The first request under each hash of an Idempotency-Key.</summary>
    public ConcurrentDictionary<string, JobRequest> Submissions { get; } = new();

    /// <summary>How long the line is.</summary>
    public QueueLoad Load { get; set; } = new(0, 0, 0, 0, 0, 1);

    /// <summary>The last list that was asked for.</summary>
    public JobQuery? Asked { get; set; }

    /// <summary>Answers that were kept under each hash of an Idempotency-Key.</summary>
    public ConcurrentDictionary<string, (string Fingerprint, string Answer)> Answers { get; } = new();

    /// <summary>Jobs that nobody works on.</summary>
    public List<OrphanedJob> Orphans { get; } = [];

    public ConcurrentDictionary<string, ImmutableArray<JobEvent>> Events { get; } = new();

    /// <summary>Clips by <c>source/id</c>, latest last.</summary>
    public Dictionary<string, ClipView> Clips { get; } = [];

    /// <summary>What the cache says of itself.</summary>
    public ClipCacheStats Cache { get; set; } = new(0, 0, 0, []);

    /// <summary>How long unused what the last clean-up was to remove.</summary>
    public TimeSpan? Cleaned { get; set; }

    public ConcurrentQueue<string> Deleted { get; } = new();

    /// <summary>What is said in the audio of a job.</summary>
    public ConcurrentDictionary<string, Transcript> Transcripts { get; } = new();

    /// <summary>What the cluster says of itself.</summary>
    public ClusterView View { get; set; } = new([], new(0, 0, 0), ImmutableDictionary<string, long>.Empty);

    /// <summary>When a watch answers at the latest.</summary>
    public TimeSpan WatchWithin { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Watches that were ever asked for.</summary>
    public int Watches => _watches;

    /// <summary>Watches that are open.</summary>
    public int Watching => _watching;

    private int _watching;
    private int _watches;

    public IGrainFactory Grains => Factory.Over(this);

    private T Answer<T>(Func<T> answer) => Outage is null ? answer() : throw Outage;

    /// <summary>Only the two overloads that the gateway uses; anything else is a test that needs a real cluster.</summary>
    public class Factory : DispatchProxy
    {
        private FakeCluster? _cluster;

        internal static IGrainFactory Over(FakeCluster cluster)
        {
            var proxy = Create<IGrainFactory, Factory>();
            ((Factory)(object)proxy)._cluster = cluster;
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var grain = targetMethod is { IsGenericMethod: true } ? targetMethod.GetGenericArguments()[0] : null;
            return grain == typeof(IJobGrain) ? new Job(_cluster!, (string)args![0]!)
                : grain == typeof(ISubmissionGrain) ? new Submission(_cluster!, (string)args![0]!)
                : grain == typeof(IJobQueueGrain) ? new Queue(_cluster!)
                : grain == typeof(IJobCatalogGrain) ? new Catalog(_cluster!)
                : grain == typeof(IEstimateGrain) ? new Estimates(_cluster!)
                : grain == typeof(IClipGrain) ? new Clip(_cluster!, (string)args![0]!)
                : grain == typeof(IClipCacheGrain) ? new ClipCache(_cluster!)
                : grain == typeof(IClusterGrain) ? new Whole(_cluster!)
                : throw new NotSupportedException(targetMethod?.ToString());
        }
    }

    private sealed class Job(FakeCluster cluster, string id) : IJobGrain
    {
        public async Task<Outcome<JobView>> SubmitAsync(JobRequest request)
        {
            cluster.Answer(() => 0);
            var outcome = await cluster.Admit(request);
            if (!outcome.Failed)
            {
                cluster.Jobs[id] = outcome.Value;
            }

            return outcome;
        }

        public Task<JobView?> GetAsync() => Task.FromResult(cluster.Answer(() => cluster.Jobs.GetValueOrDefault(id)));

        public Task<Outcome<JobView>> CancelAsync() => Task.FromResult<Outcome<JobView>>(cluster.Answer(() => cluster.Jobs.GetValueOrDefault(id)) switch
        {
            null => new JobFailure(FailureCodes.JobNotFound, null, $"There is no job {id}."),
            { CompletedAt: not null } => new JobFailure(FailureCodes.JobConflict, null, "The job is over."),
            var job => cluster.Jobs[id] = job with { Status = JobStatus.Cancelled },
        });

        public Task<bool> BelongsToAsync(string owner) => Task.FromResult(cluster.Answer(() => cluster.Jobs.TryGetValue(id, out var job) && job.Request.Owner == owner));

        public Task<bool> DeleteAsync()
        {
            cluster.Deleted.Enqueue(id);
            return Task.FromResult(cluster.Answer(() => cluster.Jobs.TryRemove(id, out _)));
        }

        public async Task<JobView?> WatchAsync(long known)
        {
            Interlocked.Increment(ref cluster._watching);
            Interlocked.Increment(ref cluster._watches);
            try
            {
                for (var waited = Stopwatch.StartNew(); waited.Elapsed < cluster.WatchWithin; await Task.Delay(5))
                {
                    if (cluster.Answer(() => cluster.Jobs.GetValueOrDefault(id))?.Revision != known)
                    {
                        break;
                    }
                }

                return await GetAsync();
            }
            finally
            {
                Interlocked.Decrement(ref cluster._watching);
            }
        }

        public Task<Transcript?> TranscriptAsync() => Task.FromResult(cluster.Answer(() => cluster.Transcripts.GetValueOrDefault(id)));

        public Task<Outcome<JobView>> RetryAsync() => Task.FromResult<Outcome<JobView>>(cluster.Answer(() => cluster.Jobs.GetValueOrDefault(id)) switch
        {
            null => new JobFailure(FailureCodes.JobNotFound, null, $"There is no job {id}."),
            { Status: JobStatus.Failed } job => cluster.Jobs[id] = job with { Status = JobStatus.Queued, Failure = null },
            _ => new JobFailure(FailureCodes.JobConflict, null, "The job needs no retry."),
        });

        public Task<bool> GiveUpAsync()
        {
            var known = cluster.Answer(() => cluster.Jobs.TryGetValue(id, out _));
            if (known)
            {
                cluster.Jobs[id] = cluster.Jobs[id] with { Status = JobStatus.Failed };
            }

            return Task.FromResult(known);
        }

        public Task<bool> WakeAsync(WakeCause cause) => Task.FromResult(true);

        public Task DrainAsync() => Task.CompletedTask;

        public Task<ImmutableArray<JobEvent>> EventsAsync() => Task.FromResult(cluster.Answer(() => cluster.Events.GetValueOrDefault(id, [])));
    }

    private sealed class Submission(FakeCluster cluster, string key) : ISubmissionGrain
    {
        public async Task<Outcome<string>> SubmitAsync(JobRequest request)
        {
            if (cluster.Submissions.GetOrAdd(key, request) is var first && first != request)
            {
                return first.Query == request.Query ? first.JobId : new JobFailure(FailureCodes.IdempotencyKeyReused, null, "Another request had this key.");
            }

            var taken = await new Job(cluster, request.JobId).SubmitAsync(request);
            return taken.Failed ? taken.Failure : request.JobId;
        }

        public Task<Outcome<string>> BeginAsync(string fingerprint)
        {
            var begun = cluster.Answer(() => cluster.Answers.GetOrAdd(key, (fingerprint, "")));
            return Task.FromResult<Outcome<string>>(begun.Fingerprint == fingerprint ? begun.Answer : new JobFailure(FailureCodes.IdempotencyKeyReused, null, "Another request had this key."));
        }

        public Task<string> KeepAsync(string fingerprint, string answer) => Task.FromResult((cluster.Answers[key] = (fingerprint, answer)).Answer);
    }

    private sealed class Estimates(FakeCluster cluster) : IEstimateGrain
    {
        public Task<Outcome<Estimate>> EstimateAsync(JobRequest request, double? audioSeconds) => Task.FromResult(cluster.Answer(() => cluster.Estimate(request, audioSeconds)));
    }

    private sealed class Catalog(FakeCluster cluster) : IJobCatalogGrain
    {
        public Task<ImmutableArray<string>> ListAsync(JobStatus? status, int limit) => Task.FromResult(cluster.Answer(() => cluster.Stale
            .Concat(cluster.Jobs.Values.Where(job => status is null || job.Status == status).OrderByDescending(job => job.Request.CreatedAt).Select(job => job.Request.JobId))
            .Take(limit).ToImmutableArray()));

        public Task<JobPage> FindAsync(JobQuery query)
        {
            cluster.Asked = query;
            var places = cluster.Answer(() => cluster.Stale.Select(id => new JobCursor(long.MaxValue, id))
                .Concat(cluster.Jobs.Values.Where(job => Fits(job, query)).Select(job => new JobCursor(job.Request.CreatedAt.ToUnixTimeMilliseconds(), job.Request.JobId)))
                .OrderByDescending(place => place.CreatedAt).ThenByDescending(place => place.JobId, StringComparer.Ordinal)
                .Where(place => query.After is null || place.CreatedAt < query.After.CreatedAt || (place.CreatedAt == query.After.CreatedAt && string.CompareOrdinal(place.JobId, query.After.JobId) < 0))
                .Take(query.Limit + 1).ToList());
            return Task.FromResult(new JobPage([.. places.Take(query.Limit).Select(place => place.JobId)], places.Count > query.Limit ? places[query.Limit - 1] : null));
        }

        public Task<string?> WithAudioAsync(string? owner, string audioSha256) => Task.FromResult(cluster.Answer(
            () => cluster.Jobs.Values.FirstOrDefault(job => job.Request.Owner == owner && job.Request.AudioSha256 == audioSha256)?.Request.JobId));

        public Task<long> UnfinishedAsync(string owner) => Task.FromResult(cluster.Answer(() => (long)cluster.Jobs.Values.Count(job => job.Request.Owner == owner && job.CompletedAt is null)));

        private static bool Fits(JobView job, JobQuery query) =>
            (query.Owner is null || job.Request.Owner == query.Owner) && (query.Status is null || job.Status == query.Status)
            && (query.Since is null || job.Request.CreatedAt >= query.Since) && (query.Until is null || job.Request.CreatedAt < query.Until);

        public Task<ImmutableArray<OrphanedJob>> OrphanedAsync(TimeSpan silence) => Task.FromResult(cluster.Answer(() => cluster.Orphans.ToImmutableArray()));
    }

    private sealed class Queue(FakeCluster cluster) : IJobQueueGrain
    {
        public Task<long?> AskAsync(TurnAsk ask) => throw new NotSupportedException();

        public Task LeaveAsync(string jobId) => throw new NotSupportedException();

        public Task<QueueSight> LookAsync(TurnAsk ask) => throw new NotSupportedException();

        public Task<QueueLoad> LoadAsync() => Task.FromResult(cluster.Answer(() => cluster.Load));
    }

    private sealed class Whole(FakeCluster cluster) : IClusterGrain
    {
        public Task<ClusterView> LookAsync() => Task.FromResult(cluster.Answer(() => cluster.View));
    }
}
