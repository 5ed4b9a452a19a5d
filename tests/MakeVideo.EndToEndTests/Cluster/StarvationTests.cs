using System.Diagnostics;
using MakeVideo.EndToEndTests.Make;
using MakeVideo.EndToEndTests.Media;
using MakeVideo.EndToEndTests.Processes;

namespace MakeVideo.EndToEndTests.Cluster;

/// <summary>The machine has too little of something: cores, file descriptors, processes.</summary>
[Collection(ClusterCollection.Name)]
public sealed class StarvationTests(SharedCluster shared, MediaFixture media)
{
    [Fact]
    public async Task No_silo_is_taken_for_dead_while_all_cores_are_busy()
    {
        var cluster = await shared.WholeAsync();
        var silos = cluster.Silos;
        var said = silos.ToDictionary(silo => silo, silo => silo.Log.Length);
        var burners = Enumerable.Range(0, 2 * Environment.ProcessorCount).Select(_ => Process.Start("timeout", ["60", "sh", "-c", "while :; do :; done"])).ToList();
        try
        {
            var jobs = new List<string>();
            for (var i = 0; i < 3; i++)
            {
                jobs.Add(await cluster.SubmitAsync($"seed={i}", cluster.FreshScript()));
            }

            foreach (var id in jobs)
            {
                await cluster.CompletesAsync(id, seconds: 240);
            }
        }
        finally
        {
            foreach (var burner in burners)
            {
                burner.Kill(entireProcessTree: true);
                burner.Dispose();
            }
        }

        Assert.All(silos, silo => Assert.False(silo.HasExited, silo.Log));
        Assert.All(silos, silo => Assert.DoesNotContain("is dead; it owned", silo.Log[said[silo]..], StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_job_survives_a_silo_that_runs_out_of_file_descriptors()
    {
        await using var cluster = await ProcessCluster.StartAsync(new Workplace(media), silos: 1);
        var silo = cluster.Silos[0];
        var open = Directory.GetFileSystemEntries($"/proc/{silo.Id}/fd").Length;
        cluster.Ffmpeg.Close(Step.Segment);
        var id = await cluster.SubmitAsync(cluster.FreshScript());
        await Eventually.HoldsAsync(() => cluster.Ffmpeg.RunsOf(Step.Segment).Count > 0, () => cluster.Log);
        var before = File.ReadLines($"/proc/{silo.Id}/limits").Single(line => line.StartsWith("Max open files", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
        Limit(silo, $"--nofile={open - 20}:");
        cluster.Ffmpeg.Open();

        // The runtime itself may give up first, without a word: then it is a death like any other.
        await Eventually.HoldsAsync(() => silo.HasExited || silo.Log.Contains("oo many open files", StringComparison.Ordinal), () => cluster.Log);
        if (silo.HasExited)
        {
            await cluster.StartSilosAsync(1);
        }
        else
        {
            Limit(silo, $"--nofile={before}:");
        }

        var job = await cluster.UntilAsync(id, told => (string?)told["status"] is "completed" or "failed" or "dead_lettered");
        if ((string?)job["status"] == "failed")
        {
            Assert.True((bool)job["error"]!["details"]!["retryable"]!, job.ToJsonString());
            Assert.Equal(200, (await cluster.Gateway.Http.RunAsync($"/jobs/{id}/retry", "-X", "POST")).Status);
        }

        await cluster.CompletesAsync(id);
    }

    [Fact]
    public async Task Short_of_memory_the_kernel_takes_an_ffmpeg_and_not_its_silo()
    {
        using var memory = MemoryGroup.TryMake(megabytes: 1200);
        Assert.SkipUnless(memory is not null, "A memory limit needs a control group that this user may make.");
        await using var cluster = await ProcessCluster.StartAsync(new Workplace(media), silos: 1, new() { Launcher = memory.Launcher });
        cluster.Ffmpeg.Gorge(Step.Segment);
        var id = await cluster.SubmitAsync(cluster.FreshScript());
        await cluster.IsDoneOnceAsync(id);

        Assert.Equal(1, memory.Killed);
        Assert.False(cluster.Silos.Single().HasExited, cluster.Log);
        var done = await cluster.JobAsync(id);
        Assert.Equal((1, done["segments"]!.AsArray().Count + 1), ((int)done["epoch"]!, cluster.Ffmpeg.RunsOf(Step.Segment).Count));
    }

    private static void Limit(RoleProcess silo, string limit)
    {
        using var prlimit = Process.Start("prlimit", [$"--pid={silo.Id}", limit]);
        prlimit.WaitForExit();
        Assert.Equal(0, prlimit.ExitCode);
    }
}
