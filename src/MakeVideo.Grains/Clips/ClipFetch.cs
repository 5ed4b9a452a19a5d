using System.Globalization;
using System.Security.Cryptography;
using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using MakeVideo.Media.BurnedText;
using MakeVideo.Media.Probing;
using MakeVideo.Sources;

namespace MakeVideo.Grains.Clips;

/// <summary>A clip as it came through the checks.</summary>
/// <param name="Clip">The clip, or a rejection: retryable when the source or the machine is to blame, final when the clip is.</param>
/// <param name="Text">What the search for text found; null when it did not come to that.</param>
internal sealed record VettedClip(Outcome<ReadyClip> Clip, TextFinding? Text = null);

/// <summary>Brings one clip into the cache: fetched beside it, vetted, then moved in whole.</summary>
internal sealed class ClipFetch(IEnumerable<IFootageSource> sources, MediaProbe probe, BurnedTextCheck text, BurnedTextOptions veto, WorkerSlots slots, WorkOptions options, DataFolder data)
{
    /// <summary>Files of a fetch that is not done, or that nobody lived to finish.</summary>
    public const string PartialExtension = ".part";

    /// <summary>Share of the work that is the fetch; the search for text is the rest.</summary>
    private const double Fetching = 0.6;

    /// <summary>Whether the cached file still has the bytes that were vetted: disks lose files, and bits.</summary>
    public static async Task<bool> IsWholeAsync(ReadyClip clip, CancellationToken cancellation)
    {
        if (new FileInfo(clip.Path) is not { Exists: true, Length: var length } || length != clip.Bytes)
        {
            return false;
        }

        try
        {
            await using var file = new FileStream(clip.Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16, FileOptions.Asynchronous | FileOptions.SequentialScan);
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation)) == clip.Sha256;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Fetches, which costs no core however slow the source is, and vets under a slot of this silo.</summary>
    /// <param name="candidate">What to fetch.</param>
    /// <param name="order">Its job's place in the line for a slot.</param>
    /// <param name="inLine">Told when it begins to wait for a slot, and when it has one.</param>
    /// <param name="mayHaveText">An operator said so: what is found does not reject the clip.</param>
    /// <param name="progress">0 to 1.</param>
    /// <param name="cancellation">Leaves nothing behind.</param>
    public async Task<VettedClip> FetchAsync(ClipCandidate candidate, long order, Action<bool> inLine, bool mayHaveText, IProgress<double> progress, CancellationToken cancellation)
    {
        if (sources.FirstOrDefault(source => source.Name == candidate.Source) is not { } source)
        {
            return new(new JobFailure(FailureCodes.ClipMissing, JobStage.DownloadingShorts, $"No source is called '{candidate.Source}' here."));
        }

        var target = data.Clip(candidate.Source, candidate.Id);
        var partial = $"{target}.{Guid.NewGuid():N}{PartialExtension}";
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        try
        {
            var fetched = await source.FetchAsync(candidate, partial, options.MaxClipBytes, new Progress(fraction => progress.Report(fraction * Fetching)), cancellation);
            if (fetched.Failed)
            {
                return new(fetched.Failure);
            }

            inLine(true);
            using var slot = await slots.TakeAsync(order, cancellation);
            inLine(false);
            var facts = await probe.ProbeClipAsync(partial, cancellation);
            if (facts.Failed)
            {
                return new(facts.Failure);
            }

            var found = await FindTextAsync(candidate, partial, facts.Value, new Progress(fraction => progress.Report(Fetching + (fraction * (1 - Fetching)))), cancellation);
            if (found is { Failed: true })
            {
                return new(found.Failure);
            }

            if (!mayHaveText && found?.Value is { } finding && veto.Rejects(finding))
            {
                return new(HasText(finding), finding);
            }

            File.Move(partial, target, overwrite: true);
            return new(new ReadyClip(candidate, target, fetched.Value, new FileInfo(target).Length, facts.Value), found?.Value);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private async Task<Outcome<TextFinding>?> FindTextAsync(ClipCandidate candidate, string file, ClipFacts facts, IProgress<double> progress, CancellationToken cancellation) =>
        veto.Enabled ? await text.LookAsync(file, facts, data.ClipThumbnail(candidate.Source, candidate.Id), data.Vetting, progress, cancellation) : null;

    /// <summary>Why a clip with such text is left out.</summary>
    public static JobFailure HasText(TextFinding finding) => new(
        FailureCodes.ClipHasText, JobStage.DownloadingShorts,
        string.Create(CultureInfo.InvariantCulture, $"The clip is left out: it has text burned in that changes (score {finding.Score:0.00})."));
}
