using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using MakeVideo.Contracts;

namespace MakeVideo.Grains.Jobs;

/// <summary>selecting_shorts: which slice of which clip is seen when, written down before anything is rendered.</summary>
internal sealed class ClipSelection(JobLedger ledger)
{
    /// <summary>The same clips; the timeline is in the plan. FootageTooShort when the user will not have clips seen twice.</summary>
    /// <param name="accepted">By candidate index.</param>
    public async Task<Outcome<ImmutableDictionary<int, ReadyClip>>> SelectAsync(ImmutableDictionary<int, ReadyClip> accepted)
    {
        await ledger.EndAsync(
            JobStage.DownloadingShorts,
            new("clips_accepted", accepted.Count, null),
            new("clips_rejected", ledger.Progress.Clips.Count(code => ItemCodes.Read(code).Status is ItemStatus.Rejected), null),
            new("footage_seconds", Math.Round(accepted.Values.Sum(clip => clip.Facts.Duration), 3), null));
        await ledger.BeginAsync(JobStage.SelectingShorts);
        if (ledger.Plan.Timeline is null)
        {
            var footage = accepted.OrderBy(entry => entry.Key).Select(entry => new Footage(entry.Key, Timeline.FramesIn(entry.Value.Facts.Duration))).ToImmutableArray();
            var seen = footage.Sum(clip => clip.Frames);
            if (ledger.Request.ShortFootage is ShortFootage.Fail && seen < ledger.Plan.Frames)
            {
                return new JobFailure(
                    FailureCodes.FootageTooShort, JobStage.SelectingShorts,
                    $"Only {seen / 30.0:0.0} s of footage for {ledger.Plan.Frames / 30.0:0.0} s of video. Add clips, widen the query, raise max_shorts, or allow looping (short_footage=loop).");
            }

            ledger.Plan.Timeline = Timeline.Choose(footage, ledger.Plan.Frames, Seed(), out var looped);
            ledger.Plan.LoopedFrames = looped;
            ledger.Plan.Chosen = [.. ledger.Plan.Timeline.Value.Select(slice => slice.Candidate).Distinct().Select(index => Chosen(index, accepted[index].Facts))];
            await ledger.SavePlanAsync();
        }

        await ledger.EndAsync(
            JobStage.SelectingShorts,
            new("slices", ledger.Plan.Timeline.Value.Length, null),
            new("looped_seconds", Math.Round(ledger.Plan.LoopedFrames / 30.0, 3), null));
        return accepted;
    }

    private static ChosenClip Chosen(int candidate, ClipFacts facts) => new(candidate, facts.Width, facts.Height, facts.FramesPerSecond);

    // The user's seed, mixed with what is shown: another audio gets another choice under the same seed.
    private ulong Seed()
    {
        var request = ledger.Request;
        var mixed = SHA256.HashData(Encoding.UTF8.GetBytes($"{request.Seed}/{request.AudioSha256}/{request.Query}"));
        return BitConverter.ToUInt64(mixed);
    }
}
