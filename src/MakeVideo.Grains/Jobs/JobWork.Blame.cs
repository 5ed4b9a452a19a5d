using System.Collections.Immutable;
using MakeVideo.Captions;
using MakeVideo.Contracts;

namespace MakeVideo.Grains.Jobs;

internal sealed partial class JobWork
{
    /// <summary>Times that clips are blamed for a failed render before the job is: what fails with ever other clips has another cause.</summary>
    private const int MostBlames = 5;

    /// <summary>All segments. Clips that no silo can render are left out, or fetched again where the cache lost them, and the footage is chosen anew.</summary>
    private async Task<Outcome<AssembledVideo>> AssembleAsync(
        JobLedger ledger, IGrainFactory grains, BranchWaits waits, SpeechBranch speech, ImmutableDictionary<int, ReadyClip> clips, ImmutableArray<Cue> cues, CancellationToken cancellation)
    {
        for (var blames = 0; ; blames++)
        {
            var assembly = new Assembly(ledger, grains, render, options, data);
            var assembled = await assembly.RunAsync(clips, cues, cancellation);
            if (!assembled.Failed || assembly.Blamed.IsEmpty || blames == MostBlames)
            {
                return assembled;
            }

            await CondemnAsync(ledger, grains, assembly.Blamed, assembled.Failure);
            var others = await ChooseAgainAsync();
            if (others.Failed)
            {
                return others.Failure;
            }

            clips = others.Value;
        }

        async Task<Outcome<ImmutableDictionary<int, ReadyClip>>> ChooseAgainAsync()
        {
            ledger.Reopen(JobStage.DownloadingShorts, JobStage.SelectingShorts, JobStage.AssemblingVideo);
            try
            {
                return await new FootageBranch(ledger, grains, sources, waits, options).RunAsync(speech.Analyzed, cancellation);
            }
            catch (ItemParkedException parked)
            {
                return parked.Failure;
            }
        }
    }

    private static async Task CondemnAsync(JobLedger ledger, IGrainFactory grains, ImmutableArray<int> blamed, JobFailure why)
    {
        foreach (var clip in blamed.Select(index => ledger.Plan.Candidates[index]))
        {
            var reason = new JobFailure(FailureCodes.ClipCorrupt, JobStage.AssemblingVideo, $"The clip is left out: it cannot be rendered. {why.Message}");
            if (await grains.GetGrain<IClipGrain>($"{clip.Source}/{clip.Id}").CondemnAsync(reason))
            {
                ledger.Note("clip_blamed", $"{clip.Source}/{clip.Id}");
                ledger.DropTimeline();
            }
        }
    }
}
