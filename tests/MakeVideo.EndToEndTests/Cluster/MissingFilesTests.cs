using MakeVideo.EndToEndTests.Processes;

namespace MakeVideo.EndToEndTests.Cluster;

/// <summary>A silo takes a job over and does not find all of its files.</summary>
[Collection(ClusterCollection.Name)]
public sealed class MissingFilesTests(SharedCluster shared)
{
    [Fact]
    public async Task Only_what_is_missing_is_done_again()
    {
        var undisturbed = await shared.UndisturbedAsync();
        var cluster = await shared.WholeAsync();
        cluster.Ffmpeg.Close(Step.Join);
        var id = await cluster.SubmitAsync(cluster.FreshScript());
        await Eventually.HoldsAsync(() => cluster.Ffmpeg.RunsOf(Step.Join).Any(run => run.Alive), () => cluster.Log);
        var owner = await cluster.OwnerAsync(id);
        var (segments, clips) = (cluster.Ffmpeg.RunsOf(Step.Segment).Count, cluster.Ffmpeg.RunsOf(Step.Probe).Count);

        await owner.KillAsync();
        File.Delete(Directory.GetFiles(Path.Combine(cluster.Data, "segments"), "*.mp4").Order().First());
        cluster.Ffmpeg.Open();
        var done = await cluster.CompletesAsync(id);

        Assert.Equal(undisturbed, await cluster.VideoAsync(id));
        Assert.Equal(segments + 1, cluster.Ffmpeg.RunsOf(Step.Segment).Count);
        Assert.Equal(clips, cluster.Ffmpeg.RunsOf(Step.Probe).Count);
        var receipt = Assert.Single(done["recoveries"]!.AsArray())!;
        Assert.Equal(1, (int)receipt["items_redone"]!);
        await cluster.IsDoneOnceAsync(id);
    }
}
