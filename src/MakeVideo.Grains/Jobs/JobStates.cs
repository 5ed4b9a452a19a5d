using System.Collections.Immutable;
using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;

namespace MakeVideo.Grains.Jobs;

/// <summary>The request; written once.</summary>
internal sealed class JobRecord : PersistedState
{
    public JobRequest? Request { get; set; }

    /// <summary>Facts of the probe at submission.</summary>
    public AudioFacts? Audio { get; set; }
}

/// <summary>What the stages decided; each part is written once, before anything stands on it.</summary>
internal sealed class JobPlan : PersistedState
{
    /// <summary>Set when analyzing_audio is done.</summary>
    public DecodedAudio? Audio { get; set; }

    /// <summary>Output frames; set with <see cref="Audio"/>.</summary>
    public int Frames { get; set; }

    /// <summary>Clips in search order, a page at a time.</summary>
    public List<ClipCandidate> Candidates { get; set; } = [];

    /// <summary>How far each source was read.</summary>
    public List<SourceSearch> Searches { get; set; } = [];

    /// <summary>Token of the page to read next, in a plan from when there was one source; now in <see cref="Searches"/>.</summary>
    public string NextPage { get; set; } = "";

    /// <summary>No page is left, in such a plan.</summary>
    public bool SearchEnded { get; set; }

    /// <summary>The chosen slices; set when selecting_shorts is done, before anything is rendered.</summary>
    public ImmutableArray<PlannedSlice>? Timeline { get; set; }

    /// <summary>The clips of the timeline as they were vetted; set with it.</summary>
    public List<ChosenClip> Chosen { get; set; } = [];

    /// <summary>Frames of the timeline that show footage a second time.</summary>
    public int LoopedFrames { get; set; }

    /// <summary>How far a source was read; noted from now on.</summary>
    public SourceSearch SearchOf(string source)
    {
        if (Searches.Find(search => search.Source == source) is not { } known)
        {
            known = Searches.Count == 0 && Candidates is [{ Source: var only }, ..] && only == source
                ? new() { Source = source, Pages = 1, Next = NextPage.Length > 0 ? NextPage : null, Ended = SearchEnded }
                : new() { Source = source };
            Searches.Add(known);
        }

        return known;
    }
}

/// <summary>How far one source was read for one job.</summary>
internal sealed class SourceSearch : Extensible
{
    public string Source { get; set; } = "";

    /// <summary>Token of the page to read next; null before the first.</summary>
    public string? Next { get; set; }

    /// <summary>Pages that were read.</summary>
    public int Pages { get; set; }

    /// <summary>No page is left.</summary>
    public bool Ended { get; set; }
}

/// <summary>What a result tells of a clip.</summary>
/// <param name="Candidate">Index into <see cref="JobPlan.Candidates"/>.</param>
/// <param name="Width">Pixels, upright.</param>
/// <param name="Height">Pixels, upright.</param>
/// <param name="FramesPerSecond">Average rate.</param>
internal sealed record ChosenClip(int Candidate, int Width, int Height, double FramesPerSecond);

/// <summary>A stretch of one candidate in the output.</summary>
/// <param name="Candidate">Index into <see cref="JobPlan.Candidates"/>.</param>
/// <param name="Start">First frame in the clip, at the output's rate.</param>
/// <param name="Frames">Output frames.</param>
internal sealed record PlannedSlice(int Candidate, int Start, int Frames);

/// <summary>Hot and small: written at every step of a job.</summary>
internal sealed class JobProgress : PersistedState
{
    public JobStatus Status { get; set; }

    /// <summary>Raised by a guarded write before work starts; reports of an earlier one are refused.</summary>
    public int Epoch { get; set; }

    /// <summary>Address of the silo that the attempt runs on; null when nobody works. Found set by another silo, it means that its owner died.</summary>
    public string? Silo { get; set; }

    /// <summary>What people call that silo.</summary>
    public string? SiloName { get; set; }

    /// <summary>Name of the silo that handed the job over in good order; null once it is taken up.</summary>
    public string? LeftBy { get; set; }

    /// <summary>What the job waits for, or a branch of it while the other goes on; null while nothing waits.</summary>
    public ParkingView? Parked { get; set; }

    /// <summary>Silos that were lost under this job since it last made progress.</summary>
    public List<CrashNote> Crashes { get; set; } = [];

    /// <summary>The latest recoveries; the journal has all.</summary>
    public List<RecoveryReceipt> Recoveries { get; set; } = [];

    /// <summary>Seconds of work that the items which are done have cost.</summary>
    public double SecondsWorked { get; set; }

    /// <summary>0 to 100, never falling.</summary>
    public double Percent { get; set; }

    /// <summary>One per <see cref="JobStage"/>.</summary>
    public List<StageProgress> Stages { get; set; } = [];

    /// <summary>One code per candidate of the plan, see <see cref="ItemCodes"/>.</summary>
    public string Clips { get; set; } = "";

    /// <summary>One code per segment of the timeline.</summary>
    public string Segments { get; set; } = "";

    /// <summary>What ended the job, when it did not complete.</summary>
    public JobFailure? Failure { get; set; }

    /// <summary>What a completed job left, without its list of clips: that is in the plan.</summary>
    public JobResult? Result { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public DateTimeOffset? CompletedAt { get; set; }
}

/// <summary>A silo that was lost while it worked for a job.</summary>
/// <param name="At">When it was noticed.</param>
/// <param name="Silo">Which.</param>
/// <param name="Work">What was done there: <c>segment 3</c>, <c>the job itself, assembling_video</c>.</param>
internal sealed record CrashNote(DateTimeOffset At, string Silo, string Work);

/// <summary>One stage of one job.</summary>
internal sealed class StageProgress : Extensible
{
    public StageStatus Status { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public List<StageFact> Facts { get; set; } = [];

    /// <summary>What it may take; null before it begins, after its end, and in states from before there were budgets.</summary>
    public StageTime? Time { get; set; }
}

/// <summary>What a stage may take and has taken.</summary>
internal sealed class StageTime : Extensible
{
    /// <summary>The budget: seconds of work.</summary>
    public double Seconds { get; set; }

    /// <summary>Seconds of work that it has taken of this budget, on whatever silos; what waits takes none.</summary>
    public double Spent { get; set; }

    /// <summary>Budgets in a row that ran out with nothing done.</summary>
    public int Overruns { get; set; }
}
