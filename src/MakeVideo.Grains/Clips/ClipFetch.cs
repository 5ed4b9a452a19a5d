using System.Security.Cryptography;
using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using MakeVideo.Media.Probing;
using MakeVideo.Sources;

namespace MakeVideo.Grains.Clips;

/// <summary>Brings one clip into the cache: fetched beside it, vetted, then moved in whole.</summary>
internal sealed class ClipFetch(IEnumerable<IFootageSource> sources, MediaProbe probe, WorkOptions options, DataFolder data)
{
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
