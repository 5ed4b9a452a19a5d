using System.Collections.Immutable;
using System.Globalization;
using MakeVideo.Contracts;

namespace MakeVideo.Grains.Jobs;

/// <summary>A ledger as users see it.</summary>
internal static class JobViews
{
    /// <summary>How long a finished video is kept, as the replaced service promised.</summary>
    private static readonly TimeSpan Retention = TimeSpan.FromHours(24);

    // Shares of the whole, from measured jobs: rendering dominates.
    private static readonly ImmutableDictionary<JobStage, double> Weights = new Dictionary<JobStage, double>
    {
        [JobStage.AnalyzingAudio] = 3,
        [JobStage.FetchingShorts] = 2,
        [JobStage.DownloadingShorts] = 10,
        [JobStage.SelectingShorts] = 1,
        [JobStage.GeneratingSubtitles] = 9,
        [JobStage.AssemblingVideo] = 65,
        [JobStage.FinalComposition] = 10,
    }.ToImmutableDictionary();

    /// <summary>0 to 100 by weighted stages.</summary>
    public static double Percent(JobLedger ledger) =>
        ledger.Progress.Status is JobStatus.Completed ? 100 : Weights.Sum(weight => weight.Value * ledger.Fraction(weight.Key));

    public static JobView Of(JobLedger ledger)
    {
        var eta = ledger.Outlook?.Eta();
        var view = WithoutTimes(ledger);
        return view with
        {
            Deadline = view.Stages.Min(stage => stage.Deadline),
            Eta = eta?.At,
            SecondsLeft = eta is { } known ? Math.Round(Math.Max(0, (known.At - ledger.Now).TotalSeconds), 3) : null,
            EtaLearned = eta?.Learned,
        };
    }

    private static JobView WithoutTimes(JobLedger ledger) => new()
    {
        Request = ledger.Request,
        Status = ledger.Progress.Status,
        Progress = Math.Round(ledger.Progress.Percent, 1),
        CurrentStage = ledger.IsFinal ? null : ledger.CurrentStage,
        Stages = [.. Enum.GetValues<JobStage>().Select(stage => Stage(ledger, stage))],
        AudioDuration = ledger.Plan.Audio?.Duration,
        TargetDuration = ledger.Plan.Audio is null ? null : (double)ledger.Plan.Frames / OutputFormat.DefaultFramesPerSecond,
        Result = ledger.Progress.Result is { } result ? result with { Shorts = ShortsUsed(ledger.Plan) } : null,
        Failure = ledger.Progress.Failure,
        UpdatedAt = ledger.Progress.UpdatedAt,
        CompletedAt = ledger.Progress.CompletedAt,
        ExpiresAt = ledger.Progress.Status is JobStatus.Completed ? ledger.Progress.CompletedAt + Retention : null,
        Clips = [.. Enumerable.Range(0, Math.Min(ledger.Plan.Candidates.Count, ledger.Progress.Clips.Length)).Select(ledger.Clip)],
        Segments = Segments(ledger),
        Revision = ledger.Revision,
        Epoch = ledger.Progress.Epoch,
        Silo = ledger.Progress.Silo is null ? null : ledger.Progress.SiloName,
        Parked = ledger.Progress.Parked,
        Recoveries = [.. ledger.Progress.Recoveries],
    };

    /// <summary>A job whose state cannot be read: it is not forgotten, and not taken for a new one.</summary>
    public static JobView OfCorrupt(JobLedger ledger) => new()
    {
        Request = new() { JobId = ledger.JobId, AudioSha256 = "", Query = "" },
        Status = JobStatus.DeadLettered,
        Stages = [.. Enum.GetValues<JobStage>().Select(stage => new StageView(stage, StageStatus.Pending, 0, null, null, []))],
        Failure = CorruptFailure(ledger),
        UpdatedAt = ledger.Now,
        Revision = ledger.Revision,
    };

    /// <summary>Why nothing can be done with such a job.</summary>
    public static JobFailure CorruptFailure(JobLedger ledger) => new(
        FailureCodes.StateCorrupt, null,
        $"What is stored of job {ledger.JobId} cannot be read ({ledger.Corruption}). Restore the store from a copy, or delete the job and send it again.");

    /// <summary>What is seen when, in order of time.</summary>
    public static ImmutableArray<ShortUsed> ShortsUsed(JobPlan plan)
    {
        var clips = plan.Chosen.ToDictionary(clip => clip.Candidate);
        var position = 0;
        var shorts = ImmutableArray.CreateBuilder<ShortUsed>();
        foreach (var slice in plan.Timeline ?? [])
        {
            var (candidate, clip) = (plan.Candidates[slice.Candidate], clips[slice.Candidate]);
            shorts.Add(new(candidate.Id, Seconds(slice.Frames), candidate.Title, Seconds(position), clip.Width, clip.Height, clip.FramesPerSecond, candidate.Credit, candidate.Page, candidate.Licence));
            position += slice.Frames;
        }

        return shorts.ToImmutable();

        static double Seconds(int frames) => Math.Round((double)frames / OutputFormat.DefaultFramesPerSecond, 3);
    }

    private static StageView Stage(JobLedger ledger, JobStage stage)
    {
        var entry = ledger.Stage(stage);
        return new(
            stage, entry.Status, Math.Round(100 * ledger.Fraction(stage), 1),
            entry.StartedAt is { } start ? Math.Round(((entry.EndedAt ?? ledger.Now) - start).TotalSeconds, 3) : null,
            entry.Status is StageStatus.Failed ? ledger.Progress.Failure : null,
            [.. entry.Facts], entry.Status is StageStatus.InProgress ? ledger.Watch?.Deadline(stage) : null);
    }

    private static ImmutableArray<ItemView> Segments(JobLedger ledger)
    {
        if (ledger.Plan.Timeline is not { } timeline)
        {
            return [];
        }

        var stretches = Timeline.Segments(timeline);
        return [.. stretches.Select((stretch, index) => ledger.Segment(index, $"{Clock(stretch.First)} - {Clock(stretch.First + stretch.Frames)}"))];
    }

    private static string Clock(int frame)
    {
        var seconds = (double)frame / OutputFormat.DefaultFramesPerSecond;
        return string.Create(CultureInfo.InvariantCulture, $"{(int)seconds / 60}:{seconds % 60:00.0}");
    }
}
