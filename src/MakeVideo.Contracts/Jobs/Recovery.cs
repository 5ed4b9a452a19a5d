namespace MakeVideo.Contracts;

/// <summary>What one recovery of a job cost.</summary>
[GenerateSerializer, Immutable, Alias("recovery-receipt")]
public sealed record RecoveryReceipt
{
    /// <summary>The attempt that began with it.</summary>
    [Id(0)] public int Epoch { get; init; }

    [Id(1)] public WakeCause Cause { get; init; }

    /// <summary>Who had the job before; null when it was handed over in good order.</summary>
    [Id(2)] public string? FromSilo { get; init; }

    [Id(3)] public string ToSilo { get; init; } = "";

    /// <summary>When the job was taken up again.</summary>
    [Id(4)] public DateTimeOffset At { get; init; }

    /// <summary>Seconds from the last sign of life before to the first one after.</summary>
    [Id(5)] public double SecondsWithoutProgress { get; init; }

    /// <summary>Clips and segments that were done and were found so.</summary>
    [Id(6)] public int ItemsReused { get; init; }

    /// <summary>Clips and segments that were under way or lost, and are done again.</summary>
    [Id(7)] public int ItemsRedone { get; init; }

    /// <summary>Seconds of work that the reused items had cost.</summary>
    [Id(8)] public double SecondsSaved { get; init; }
}

/// <summary>One entry of a job's log.</summary>
/// <param name="At">When.</param>
/// <param name="Kind">Stable name: <c>taken_up</c>, <c>segment_done</c>.</param>
/// <param name="Silo">Where; null for what users did.</param>
/// <param name="Epoch">The attempt.</param>
/// <param name="Detail">One line for people.</param>
[GenerateSerializer, Immutable, Alias("job-event")]
public sealed record JobEvent(
    [property: Id(0)] DateTimeOffset At,
    [property: Id(1)] string Kind,
    [property: Id(2)] string? Silo,
    [property: Id(3)] int Epoch,
    [property: Id(4)] string? Detail);

/// <summary>A job that has work left and that nobody seems to work on.</summary>
/// <param name="JobId">Which.</param>
/// <param name="LastSeen">Its last sign of life.</param>
[GenerateSerializer, Immutable, Alias("orphaned-job")]
public sealed record OrphanedJob([property: Id(0)] string JobId, [property: Id(1)] DateTimeOffset LastSeen);
