using MakeVideo.EndToEndTests.Make;
using MakeVideo.EndToEndTests.Media;
using MakeVideo.EndToEndTests.Processes;
using MakeVideo.Grains.Cluster;

namespace MakeVideo.EndToEndTests.Cluster;

/// <summary>A silo dies between an effect and its record: nothing happens twice.</summary>
[Collection(ClusterCollection.Name)]
public sealed class FailpointTests(MediaFixture media)
{
    [Fact]
    public async Task Nothing_is_done_or_published_twice_wherever_a_silo_dies()
    {
        // One cluster of one silo: it dies at the point, and the next one must find out what became of the job.
        await using var cluster = await ProcessCluster.StartAsync(new Workplace(media), silos: 1);
        foreach (var point in new[] { Failpoints.TakeUp, Failpoints.TakenUp, Failpoints.SegmentPublished, Failpoints.VideoPublished, Failpoints.FinalWritten })
        {
            var before = cluster.Silos.Single();
            var dies = (await cluster.StartSilosAsync(1, RoleStart.FailingAt($"{point}:1") with { Arguments = ["--slots", "1"] }))[0];
            Assert.Equal(0, await before.StopAsync());
            await cluster.AnswersAsync();
            cluster.ForgetFiles();
            var began = TimeProvider.System.GetTimestamp();
            var submitting = cluster.TrySubmitAsync(cluster.FreshScript());
            Assert.Equal(137, await dies.EndAsync());
            await cluster.StartSilosAsync(1);
            var answer = await submitting;
            TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"{point}: {answer.Status} after {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s"));

            // Dying before the answer is out, it leaves its client without an id: the gateway takes such a job back.
            if (answer.Status != 202)
            {
                Assert.True(answer.Status == 503, $"{point}: {answer.Status} {answer.Text}\n{cluster.Log}");
                await Eventually.HoldsAsync(async () => (await cluster.Gateway.Http.RunAsync("/jobs?status=queued")).Json is { } jobs && jobs.AsArray().Count == 0, () => cluster.Log);
            }
            else
            {
                var id = (string)answer.Json!["job_id"]!;
                await cluster.IsDoneOnceAsync(id);
                var job = await cluster.JobAsync(id);
                Assert.Equal((point, job["segments"]!.AsArray().Count), (point, cluster.Ffmpeg.RunsOf(Step.Segment).Count));
                Assert.Equal((point, point == Failpoints.VideoPublished ? 2 : 1), (point, cluster.Ffmpeg.RunsOf(Step.Join).Count));
            }
        }
    }

    [Theory]
    [InlineData(Failpoints.Variable, "video-published:1", "0", "for tests alone")]
    [InlineData(Failpoints.Variable, "nowhere:1", "1", "a point is one of")]
    [InlineData(Failpoints.Variable, "video-published:often", "1", "POINT:TIMES")]
    [InlineData(ShiftedClock.Variable, "01:00:00", "0", "for tests alone")]
    [InlineData(ShiftedClock.Variable, "soon", "1", "hours, minutes and seconds")]
    public async Task A_process_that_is_to_fail_does_not_start_outside_tests(string variable, string value, string testing, string reason)
    {
        await using var process = MakeVideoProcess.Start(
            Path.GetTempPath(), ["doctor"], environment: new Dictionary<string, string> { [variable] = value, [Failpoints.TestingVariable] = testing });

        Assert.Equal(2, await process.EndAsync());
        Assert.Contains(reason, process.Errors, StringComparison.Ordinal);
    }
}
