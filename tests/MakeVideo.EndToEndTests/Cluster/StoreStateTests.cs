using System.Text.Json.Nodes;
using MakeVideo.EndToEndTests.Processes;

namespace MakeVideo.EndToEndTests.Cluster;

/// <summary>What is stored is not what was written: damaged, rolled back, of another version, or of the wrong kind of store.</summary>
[Collection(ClusterCollection.Name)]
public sealed class StoreStateTests(SharedCluster shared)
{
    [Theory]
    [InlineData("no JSON", "{\"version\":1,")]
    [InlineData("unknown status", "{\"version\":1,\"status\":\"dreaming\",\"stages\":[]}")]
    [InlineData("a status by number", "{\"version\":1,\"status\":3,\"stages\":[]}")]
    [InlineData("without its stages", "{\"version\":1,\"status\":\"queued\"}")]
    public async Task A_state_that_cannot_be_read_is_quarantined_and_no_new_job(string how, string damage)
    {
        var cluster = await shared.WholeAsync();
        var (id, owner) = await HeldAsync(cluster);
        await owner.KillAsync();
        await cluster.Redis.CommandAsync("hset", RedisProcess.StateKey("job", id, "progress"), "data", damage);
        cluster.Ffmpeg.Open();

        var job = await cluster.UntilAsync(id, told => (string?)told["status"] == "dead_lettered");

        Assert.True((string?)job["error"]!["code"] == "state_corrupt", $"{how}: {job}");
        Assert.Equal(damage, await cluster.Redis.CommandAsync("hget", RedisProcess.StateKey("job", id, "progress"), "data"));
        Assert.Contains(id, (await cluster.Gateway.Http.RunAsync("/jobs?status=dead_lettered")).Text, StringComparison.Ordinal);
        Assert.Equal(200, (await cluster.Gateway.Http.RunAsync($"/jobs/{id}", "-X", "DELETE")).Status);
        Assert.Equal(404, (await cluster.Gateway.Http.RunAsync($"/jobs/{id}")).Status);
    }

    [Fact]
    public async Task A_job_whose_state_was_rolled_back_reads_it_again_and_ends_once()
    {
        var undisturbed = await shared.UndisturbedAsync();
        var cluster = await shared.WholeAsync();
        cluster.Ffmpeg.Close(Step.Segment, after: 1);
        var id = await cluster.SubmitAsync(cluster.FreshScript());
        await Eventually.HoldsAsync(() => cluster.Ffmpeg.RunsOf(Step.Segment).Count > 1, () => cluster.Log);
        var key = RedisProcess.StateKey("job", id, "progress");
        var (data, tag) = (await cluster.Redis.CommandAsync("hget", key, "data"), await cluster.Redis.CommandAsync("hget", key, "etag"));

        // As a failover to a copy that had not heard the last writes: older content under an older tag.
        var older = JsonNode.Parse(data)!;
        older["segments"] = "";
        older["epoch"] = 0;
        await cluster.Redis.CommandAsync("hset", key, "data", older.ToJsonString(), "etag", tag + "0");
        cluster.Ffmpeg.Open();

        await cluster.IsDoneOnceAsync(id);
        Assert.Equal(undisturbed, await cluster.VideoAsync(id));
    }

    [Fact]
    public async Task A_job_in_flight_survives_an_upgrade_and_a_rollback_and_keeps_what_the_other_version_wrote()
    {
        var cluster = await shared.WholeAsync();
        var (id, _) = await HeldAsync(cluster);
        await cluster.KillSilosAsync();
        var key = RedisProcess.StateKey("job", id, "progress");
        var newer = JsonNode.Parse(await cluster.Redis.CommandAsync("hget", key, "data"))!;
        newer["version"] = 7;
        newer["mood"] = new JsonObject { ["calm"] = true };
        newer["stages"]![0]!["weather"] = "fair";
        foreach (var young in new[] { "crashes", "recoveries", "seconds_worked", "silo_name", "left_by" })
        {
            newer.AsObject().Remove(young);
        }

        await cluster.Redis.CommandAsync("hset", key, "data", newer.ToJsonString());
        cluster.Ffmpeg.Open();
        await cluster.RefillAsync(3);

        await cluster.IsDoneOnceAsync(id);
        using var kept = await cluster.Redis.StateAsync("job", id, "progress");
        Assert.Equal(7, kept.RootElement.GetProperty("version").GetInt32());
        Assert.True(kept.RootElement.GetProperty("mood").GetProperty("calm").GetBoolean());
        Assert.Equal("fair", kept.RootElement.GetProperty("stages")[0].GetProperty("weather").GetString());
    }

    [Theory]
    [InlineData("silo")]
    [InlineData("gateway")]
    public async Task Nothing_starts_on_a_store_that_evicts(string role)
    {
        var folder = Directory.CreateTempSubdirectory("makevideo-evicts-").FullName;
        try
        {
            await using var redis = await RedisProcess.StartAsync(folder, options: ["--maxmemory-policy", "allkeys-lru"]);
            await using var process = MakeVideoProcess.Start(folder, [role, "--redis", redis.Connection, "--data", Path.Combine(folder, "data")]);

            Assert.Equal(3, await process.EndAsync());
            Assert.Contains("maxmemory-policy allkeys-lru", process.Errors, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(string Job, RoleProcess Owner)> HeldAsync(ProcessCluster cluster)
    {
        cluster.Ffmpeg.Close(Step.Segment, after: 1);
        var id = await cluster.SubmitAsync(cluster.FreshScript());
        await Eventually.HoldsAsync(() => cluster.Ffmpeg.RunsOf(Step.Segment).Count > 1, () => cluster.Log);
        return (id, await cluster.OwnerAsync(id));
    }
}
