using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Jobs;
using MakeVideo.Gateway.Problems;

namespace MakeVideo.Gateway.Events;

/// <summary>How far one stream has told its client.</summary>
/// <param name="Revision">Of the job, as the client knows it; null when it knows nothing yet.</param>
/// <param name="Outage">The last absence of the cluster that it was told of.</param>
/// <param name="Ended">It was told the end.</param>
internal readonly record struct Told(long? Revision, int Outage = 0, bool Ended = false);

/// <summary>
/// Watches one job for all the streams of it on this gateway: one long poll at a time, each change written as bytes once. A stream that falls
/// behind what is kept is told the whole job anew, so a slow client costs nothing.
/// </summary>
internal sealed class JobWatch(string jobId, IGrainFactory grains, JsonSerializerOptions json, TimeProvider clock) : IDisposable
{
    /// <summary>Shortest time between two changes: as fast as eyes follow, however busy the job.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    /// <summary>A job's own long poll answers after 10 s at the latest.</summary>
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan AgainAfterOutage = TimeSpan.FromSeconds(2);

    /// <summary>Changes that are kept for streams that come back: half a minute of a busy job.</summary>
    private const int Kept = 128;

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Queue<Change> _changes = new();
    private TaskCompletionSource _moved = Fresh();
    private JsonObject? _body;
    private byte[]? _snapshot;
    private long? _revision;
    private int _outage;
    private byte[]? _away;
    private byte[]? _end;

    /// <summary>Streams that read it; the registry counts them under its own lock.</summary>
    public int Streams { get; set; }

    /// <summary>The job is over or gone; who wants to know more begins a new watch.</summary>
    public bool Ended
    {
        get
        {
            lock (_lock)
            {
                return _end is not null;
            }
        }
    }

    /// <summary>Watches until the job ends or <see cref="Dispose"/>.</summary>
    public async Task RunAsync()
    {
        var stopping = _stop.Token;
        while (!stopping.IsCancellationRequested && !Ended)
        {
            try
            {
                Note(await grains.GetGrain<IJobGrain>(jobId).WatchAsync(_revision ?? -1).WaitAsync(AnswersWithin, clock, stopping));
                await Task.Delay(Pace, clock, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // Whatever it is, streams outlive it: their clients would only come back and meet it again.
                NoteOutage(ProblemMiddleware.Of(failure));
                await Task.Delay(AgainAfterOutage, clock, CancellationToken.None);
            }
        }
    }

    /// <summary>What a stream must tell to be up to date, in order (nothing: a sign of life is due), where it stands then, and what completes when there is more.</summary>
    public (List<byte[]> News, Told Told, Task Moved) Since(Told told)
    {
        lock (_lock)
        {
            var news = new List<byte[]>();
            if (_revision is { } revision && _away is null && revision != told.Revision)
            {
                var missed = _changes.SkipWhile(change => change.From != told.Revision).Select(change => change.Bytes).ToList();
                news.AddRange(missed.Count > 0 ? missed : [_snapshot ??= Event("snapshot", revision, _body!.ToJsonString(json))]);
                told = told with { Revision = revision };
            }

            if (_away is not null && told.Outage != _outage)
            {
                // What comes after is told whole: a silo that was lost may have taken the newest changes with it.
                news.Add(_away);
                told = told with { Outage = _outage, Revision = null };
            }

            if (_end is not null)
            {
                news.Add(_end);
                told = told with { Ended = true };
            }

            return (news, told, _moved.Task);
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private void Note(JobView? job)
    {
        lock (_lock)
        {
            _away = null;
            if (job is null)
            {
                _end = Event("end", null, JsonSerializer.Serialize(new EndBody(jobId, null), json));
            }
            else if (job.Revision != _revision)
            {
                var body = JsonSerializer.SerializeToNode(JobBodies.Of(job), json)!.AsObject();
                var change = _body is null ? null : JobDelta.Between(_body, body);
                if (change is null)
                {
                    _changes.Clear();
                }
                else
                {
                    _changes.Enqueue(new(_revision!.Value, Event("change", job.Revision, change.ToJsonString(json))));
                    if (_changes.Count > Kept)
                    {
                        _changes.Dequeue();
                    }
                }

                (_body, _snapshot, _revision) = (body, null, job.Revision);
                if (JobEnds.IsFinal(job.Status))
                {
                    _end = Event("end", null, JsonSerializer.Serialize(new EndBody(jobId, job.Status), json), JobEnds.EventId);
                }
            }

            Move();
        }
    }

    private void NoteOutage(JobFailure failure)
    {
        lock (_lock)
        {
            if (_away is null)
            {
                _outage++;
                _away = Event("away", null, JsonSerializer.Serialize(new AwayBody(failure.Code, failure.Message), json));
            }

            Move();
        }
    }

    private void Move()
    {
        var moved = _moved;
        _moved = Fresh();
        moved.SetResult();
    }

    private static byte[] Event(string kind, long? id, string data, string? name = null)
    {
        var numbered = id is { } number ? number.ToString(CultureInfo.InvariantCulture) : name;
        return Encoding.UTF8.GetBytes($"event: {kind}\n{(numbered is null ? "" : $"id: {numbered}\n")}data: {data}\n\n");
    }

    private static TaskCompletionSource Fresh() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>One change as it is sent, and the revision that it starts from.</summary>
    private sealed record Change(long From, byte[] Bytes);
}

/// <summary>The last event of a stream; a job without a status was deleted.</summary>
internal sealed record EndBody(string JobId, JobStatus? Status);

/// <summary>The cluster does not answer; the stream goes on when it does.</summary>
internal sealed record AwayBody(string Code, string Detail);

/// <summary>When a stream is over.</summary>
internal static class JobEnds
{
    /// <summary>Id of the last event: a client that comes back with it has missed nothing.</summary>
    public const string EventId = "end";

    public static bool IsFinal(JobStatus status) => status is JobStatus.Completed or JobStatus.Failed or JobStatus.Cancelled or JobStatus.DeadLettered;
}
