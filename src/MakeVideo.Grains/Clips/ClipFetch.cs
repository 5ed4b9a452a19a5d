using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using MakeVideo.Media.Probing;
using MakeVideo.Sources;

namespace MakeVideo.Grains.Clips;

/// <summary>Brings one clip into the cache: fetched beside it, vetted, then moved in whole.</summary>
internal sealed class ClipFetch(IEnumerable<IFootageSource> sources, MediaProbe probe, WorkOptions options, DataFolder data)
{
    /// <summary>True while the cached file has the size it had when it was vetted.</summary>
    public static bool IsThere(ReadyClip clip) => new FileInfo(clip.Path) is { Exists: true, Length: var length } && length == clip.Bytes;

    /// <summary>The clip, or a rejection: retryable when the source or the machine is to blame, final when the clip is.</summary>
    public async Task<Outcome<ReadyClip>> FetchAsync(ClipCandidate candidate, IProgress<double> progress, CancellationToken cancellation)
    {
        if (sources.FirstOrDefault(source => source.Name == candidate.Source) is not { } source)
        {
            return new JobFailure(FailureCodes.ClipMissing, JobStage.DownloadingShorts, $"No source is called '{candidate.Source}' here.");
        }

        var target = data.Clip(candidate.Source, candidate.Id);
        var partial = $"{target}.{Guid.NewGuid():N}.part";
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        try
        {
            var fetched = await source.FetchAsync(candidate, partial, options.MaxClipBytes, progress, cancellation);
            if (fetched.Failed)
            {
                return fetched.Failure;
            }

            var facts = await probe.ProbeClipAsync(partial, cancellation);
            if (facts.Failed)
            {
                return facts.Failure;
            }

            File.Move(partial, target, overwrite: true);
            return new ReadyClip(candidate, target, fetched.Value, new FileInfo(target).Length, facts.Value);
        }
        finally
        {
            File.Delete(partial);
        }
    }
}
