namespace MakeVideo.Contracts;

/// <summary>
/// Whose turn it is: a bounded number of active jobs, shared fairly among owners; priority first, then age among the jobs of one. Key: 0. Soft state:
/// queued jobs ask again.
/// </summary>
[Alias("job-queue-grain")]
public interface IJobQueueGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// The job's turn when it may work now, null when it must wait; its lease lasts 20 s past the last time it asked. Lower turns go first where work
    /// waits for a slot.
    /// </summary>
    [Alias("ask-turn")]
    Task<long?> AskAsync(TurnAsk ask);

    /// <summary>The job works no longer.</summary>
    [Alias("leave")]
    Task LeaveAsync(string jobId);

    /// <summary>What stands before a job, or before one that would come.</summary>
    [Alias("look")]
    Task<QueueSight> LookAsync(TurnAsk ask);

    /// <summary>How long the line is.</summary>
    [Alias("load")]
    Task<QueueLoad> LoadAsync();
}

/// <summary>A job that wants to work.</summary>
/// <param name="JobId">Which.</param>
/// <param name="Owner">Whose; null: nobody's in particular.</param>
/// <param name="Priority">Higher goes first among one owner's.</param>
/// <param name="CreatedAt">Milliseconds since 1970; older goes first among one owner's of the same priority.</param>
/// <param name="Seconds">Length of its audio: what its turn costs its owner.</param>
/// <param name="Turn">The turn that it has already; null when it has none.</param>
/// <param name="SecondsLeft">Seconds of slots that it still needs, as far as it knows.</param>
[GenerateSerializer, Immutable, Alias("turn-ask")]
public sealed record TurnAsk(
    [property: Id(0)] string JobId,
    [property: Id(1)] string? Owner,
    [property: Id(2)] int Priority,
    [property: Id(3)] long CreatedAt,
    [property: Id(4)] double Seconds,
    [property: Id(5)] long? Turn = null,
    [property: Id(6)] double SecondsLeft = 0);

/// <summary>What stands before a job.</summary>
/// <param name="Position">0: it works, or may at once; 1: it is next.</param>
/// <param name="SecondsAhead">Seconds of slots that jobs which go before it still need, as far as they have told.</param>
[GenerateSerializer, Immutable, Alias("queue-sight")]
public sealed record QueueSight([property: Id(0)] int Position, [property: Id(1)] double SecondsAhead);

/// <summary>The line of jobs as a whole. Seconds are those that all slots of the cluster together need for them, as far as the jobs have told.</summary>
/// <param name="Waiting">Jobs in line.</param>
/// <param name="WaitingSeconds">Of those.</param>
/// <param name="Working">Jobs at work.</param>
/// <param name="WorkingSeconds">What is left of those.</param>
/// <param name="Owners">Owners who have jobs in line or at work.</param>
/// <param name="Most">Jobs that may work at once.</param>
[GenerateSerializer, Immutable, Alias("queue-load")]
public sealed record QueueLoad(
    [property: Id(0)] int Waiting,
    [property: Id(1)] double WaitingSeconds,
    [property: Id(2)] int Working,
    [property: Id(3)] double WorkingSeconds,
    [property: Id(4)] int Owners,
    [property: Id(5)] int Most);
