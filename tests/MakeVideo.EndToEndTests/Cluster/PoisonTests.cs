using MakeVideo.EndToEndTests.Make;
using MakeVideo.EndToEndTests.Media;
using MakeVideo.EndToEndTests.Processes;
using MakeVideo.Grains.Cluster;

namespace MakeVideo.EndToEndTests.Cluster;

/// <summary>A job that takes each silo with it.</summary>
[Collection(ClusterCollection.Name)]
public sealed class PoisonTests(MediaFixture media)
{
    [Fact]
    public async Task A_job_that_ends_its_silo_three_times_is_given_up_and_harms_no_other()
    {
        var dies = RoleStart.FailingAt($"{Failpoints.VideoPublished}:1:city of poison");
        await using var cluster = await ProcessCluster.StartAsync(new Workplace(media), silos: 4, dies);
        cluster.Ffmpeg.Close(Step.Segment);
        var other = await cluster.SubmitAsync(cluster.FreshScript());
        var poison = await cluster.SubmitAsync("query=city of poison", "any_clip=true", cluster.FreshScript());
        cluster.Ffmpeg.Open();

        var job = await cluster.UntilAsync(poison, told => (string?)told["status"] is "dead_lettered" or "completed");

        Assert.Equal("poison", (string?)job["error"]!["code"]);
        Assert.Contains("3 silos were lost", (string?)job["error"]!["message"], StringComparison.Ordinal);
        Assert.Single(cluster.Silos);
        await cluster.IsDoneOnceAsync(other);
    }
}
