using MakeVideo.Contracts;

namespace MakeVideo.Grains.Jobs;

/// <summary>What becomes of a job that lost its silo: what it keeps, what it costs, and when it is given up. Pure.</summary>
internal static class Recovery
{
    /// <summary>Silos lost without progress in between after which a job is taken for their poison.</summary>
    public const int MostCrashes = 3;

    /// <summary>Receipts in the hot state; all of them are in the journal.</summary>
    private const int ReceiptsKept = 8;

    /// <summary>A loss is noticed by the job and by each of its items within seconds; a silo that is started again under its old name and lost again takes longer.</summary>
    private static readonly TimeSpan OneLoss = TimeSpan.FromSeconds(20);

    /// <summary>Notes a silo that was lost under a job; the same loss seen twice is one.</summary>
    public static void NoteCrash(JobProgress progress, DateTimeOffset now, string silo, string work)
    {
        if (progress.Crashes.All(crash => crash.Silo != silo || now - crash.At > OneLoss))
        {
            progress.Crashes.Add(new(now, silo, work));
        }
    }

    /// <summary>The failure of a job that has taken enough silos with it; null while it has not.</summary>
    public static JobFailure? Poison(JobProgress progress, JobStage? stage) => progress.Crashes.Count < MostCrashes ? null : new(
        FailureCodes.Poison, stage,
        $"{progress.Crashes.Count} silos were lost one after another under this job, and it made no progress in between: "
        + string.Join("; ", progress.Crashes.Select(crash => FormattableString.Invariant($"{crash.At:HH:mm:ss} {crash.Silo} ({crash.Work})")))
        + ". Look at their logs, then retry the job.");

    /// <summary>Readies the state for an attempt that takes over: what was under way is to be asked for again.</summary>
    /// <returns>The receipt, to be corrected as items turn out otherwise.</returns>
    public static RecoveryReceipt Begin(JobProgress progress, WakeCause cause, string? from, string to, DateTimeOffset now, DateTimeOffset lastSeen)
    {
        var items = progress.Clips + progress.Segments;
        var receipt = new RecoveryReceipt
        {
            Epoch = progress.Epoch, Cause = cause, FromSilo = from, ToSilo = to, At = now,
            SecondsWithoutProgress = Math.Round(Math.Max(0, (now - lastSeen).TotalSeconds), 3),
            ItemsReused = items.Count(IsDone),
            ItemsRedone = items.Count(code => code == ItemCodes.Working),
            SecondsSaved = Math.Round(progress.SecondsWorked, 3),
        };
        progress.Clips = progress.Clips.Replace(ItemCodes.Working, ItemCodes.Waiting);
        progress.Segments = progress.Segments.Replace(ItemCodes.Working, ItemCodes.Waiting);
        progress.Recoveries.Add(receipt);
        if (progress.Recoveries.Count > ReceiptsKept)
        {
            progress.Recoveries.RemoveAt(0);
        }

        return receipt;
    }

    /// <summary>The receipt after an item: one that was done without being noted is reused after all, one that was noted but is lost is redone.</summary>
    /// <param name="receipt">As it stands.</param>
    /// <param name="before">The item's code before.</param>
    /// <param name="now">Its code now.</param>
    /// <param name="seconds">What the item cost now; 0 when it was found.</param>
    public static RecoveryReceipt Corrected(RecoveryReceipt receipt, char before, char now, double seconds) => (IsDone(before), now) switch
    {
        (false, ItemCodes.Reused) => receipt with { ItemsReused = receipt.ItemsReused + 1, ItemsRedone = Math.Max(0, receipt.ItemsRedone - 1) },
        (true, var code) when code is ItemCodes.Working || seconds > 0 => receipt with
        {
            ItemsReused = Math.Max(0, receipt.ItemsReused - 1), ItemsRedone = receipt.ItemsRedone + 1,
            SecondsSaved = Math.Round(receipt.ItemsReused > 0 ? receipt.SecondsSaved * (receipt.ItemsReused - 1) / receipt.ItemsReused : 0, 3),
        },
        _ => receipt,
    };

    /// <summary>Whether nothing is left to do for an item.</summary>
    public static bool IsDone(char code) => code is ItemCodes.Done or ItemCodes.Reused || ItemCodes.Read(code).Status is ItemStatus.Rejected;
}

/// <summary>What passes by itself and is waited for instead of failing the job.</summary>
internal static class Parking
{
    private static readonly TimeSpan DiskAgain = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan StoreAgain = TimeSpan.FromSeconds(5);

    // An upstream that names no time, or one on a clock that is off, is looked at again within these.
    private static readonly TimeSpan UpstreamAgain = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Soonest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Latest = TimeSpan.FromMinutes(15);

    /// <summary>How long a job waits after this failure; null when waiting would not help.</summary>
    public static ParkingView? For(JobFailure failure, DateTimeOffset now) => failure.Code switch
    {
        FailureCodes.DiskFull => new(failure.Code, "Waits for space on the data folder's disk. Free some; the job goes on by itself.", now + DiskAgain),
        FailureCodes.StoreUnavailable => new(failure.Code, "Waits for the store. Check Redis; the job goes on by itself.", now + StoreAgain),
        _ when IsUpstreams(failure) => new(failure.Code, failure.Message, now + Clamp((failure.RetryAt ?? now + UpstreamAgain) - now), failure.Upstream),
        _ => null,
    };

    /// <summary>Whether a service outside is to blame and will be back: the branch that needs it waits, the other goes on.</summary>
    public static bool IsUpstreams(JobFailure failure) => failure is { Code: FailureCodes.UpstreamUnavailable or FailureCodes.UpstreamThrottled };

    private static TimeSpan Clamp(TimeSpan wait) => wait < Soonest ? Soonest : wait > Latest ? Latest : wait;
}
