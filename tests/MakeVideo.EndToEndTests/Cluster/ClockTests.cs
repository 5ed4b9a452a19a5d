using System.Globalization;
using MakeVideo.EndToEndTests.Make;
using MakeVideo.EndToEndTests.Media;
using MakeVideo.EndToEndTests.Processes;
using MakeVideo.Grains.Cluster;

namespace MakeVideo.EndToEndTests.Cluster;

/// <summary>Hosts of one cluster whose clocks are an hour off, one ahead and one behind.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ClockTests(MediaFixture media)
{
    [Fact]
    public async Task Wrong_clocks_orphan_no_job_and_let_nothing_expire_early()
    {
        await using var cluster = await ProcessCluster.StartAsync(new Workplace(media), "127.0.0.1", new(), Off("01:00:00"), Off("-01:00:00"));
        foreach (var silo in cluster.Silos)
        {
            cluster.ForgetFiles();
            cluster.Ffmpeg.Close(Step.Segment);
            var id = await OwnedByAsync(cluster, silo);

            // Both have looked at the index by now, for a job writes its sign of life every 5 s: by the clock of either host it would be an hour from the other's.
            var first = await BeatAsync(cluster, id);
            await Eventually.HoldsAsync(async () => await BeatAsync(cluster, id) > first, () => cluster.Log);
            Assert.Equal(await StoreTimeAsync(cluster), await BeatAsync(cluster, id), 15.0);
            for (var asked = 0; asked < 10; asked++)
            {
                Assert.Empty((await cluster.Gateway.Http.RunAsync("/jobs/orphaned?max_age_minutes=1")).Json!["orphaned_jobs"]!.AsArray());
            }

            cluster.Ffmpeg.Open();
            var done = await cluster.CompletesAsync(id);
            Assert.Equal((1, 0), ((int)done["epoch"]!, done["recoveries"]!.AsArray().Count));
            Assert.Equal(await StoreTimeAsync(cluster), Seconds(done["completed_at"]), 60.0);
            Assert.Equal(Seconds(done["completed_at"]) + (24 * 3600), Seconds(done["expires_at"]), 60.0);
        }
    }

    private static RoleStart Off(string ahead) => new()
    {
        Environment = new Dictionary<string, string> { [ShiftedClock.Variable] = ahead, [Failpoints.TestingVariable] = "1" },
    };

    /// <summary>A job at work on that silo; jobs that went to another are taken back.</summary>
    private static async Task<string> OwnedByAsync(ProcessCluster cluster, RoleProcess silo)
    {
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var id = await cluster.SubmitAsync(cluster.FreshScript());
            if (await cluster.OwnerAsync(id) == silo)
            {
                return id;
            }

            await cluster.Gateway.Http.RunAsync($"/jobs/{id}", "-X", "DELETE");
        }

        throw new InvalidOperationException($"No job goes to {silo.Name}.\n{cluster.Log}");
    }

    /// <summary>Seconds since 1970 of the job's last sign of life.</summary>
    private static async Task<double> BeatAsync(ProcessCluster cluster, string id) =>
        double.TryParse(await cluster.Redis.CommandAsync("zscore", "makevideo/jobs/beats", id), CultureInfo.InvariantCulture, out var milliseconds) ? milliseconds / 1000 : 0;

    private static async Task<double> StoreTimeAsync(ProcessCluster cluster) => double.Parse((await cluster.Redis.CommandAsync("time")).Split('\n')[0], CultureInfo.InvariantCulture);

    private static double Seconds(System.Text.Json.Nodes.JsonNode? time) => DateTimeOffset.Parse((string)time!, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds() / 1000.0;
}
