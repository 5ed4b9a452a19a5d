using System.Diagnostics;
using System.Globalization;
using MakeVideo.EndToEndTests.Make;
using MakeVideo.EndToEndTests.Media;
using MakeVideo.EndToEndTests.Processes;

namespace MakeVideo.EndToEndTests.Cluster;

/// <summary>The disk under a cluster: full, read-only, or not holding what it held.</summary>
[Collection(ClusterCollection.Name)]
public sealed class DiskTests(SharedCluster shared, MediaFixture media)
{
    [Fact]
    public async Task A_job_waits_for_space_and_goes_on_when_there_is_some()
    {
        var undisturbed = await shared.UndisturbedAsync();
        var cluster = await shared.WholeAsync();
        var work = Directory.CreateDirectory(Path.Combine(cluster.Data, "work")).FullName;
        Mount(work, "size=64k");
        try
        {
            var id = await cluster.SubmitAsync(cluster.FreshScript());
            var parked = await cluster.UntilAsync(id, told => (string?)told["status"] is "parked" or "failed");

            Assert.True((string?)parked["parked"]?["code"] == "disk_full", $"{parked}\n{cluster.Log}");
            Run("mount", "-o", "remount,size=512m", work);
            await cluster.IsDoneOnceAsync(id);
            Assert.Equal(undisturbed, await cluster.VideoAsync(id));
        }
        finally
        {
            Run("umount", "-l", work);
        }
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_fails_the_job_with_a_reason()
    {
        var cluster = await shared.WholeAsync();
        var segments = Directory.CreateDirectory(Path.Combine(cluster.Data, "segments")).FullName;
        Mount(segments, "ro,size=1m");
        try
        {
            var id = await cluster.SubmitAsync(cluster.FreshScript());
            var job = await cluster.UntilAsync(id, told => (string?)told["status"] is "failed" or "completed" or "parked");

            Assert.Equal(("failed", "output_not_writable", null), ((string?)job["status"], (string?)job["error"]?["code"], job["result"]));
            Run("umount", "-l", segments);
            Assert.Equal(200, (await cluster.Gateway.Http.RunAsync($"/jobs/{id}/retry", "-X", "POST")).Status);
            await cluster.IsDoneOnceAsync(id);
        }
        finally
        {
            Run("umount", "-l", segments);
        }
    }

    [Fact]
    public async Task A_rename_that_the_disk_refuses_is_no_success()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "Refusing a system call needs strace.");
        await using var cluster = await ProcessCluster.StartAsync(new Workplace(media), silos: 1);
        var silo = cluster.Silos.Single();
        cluster.Ffmpeg.Close(Step.Segment);
        var id = await cluster.SubmitAsync(cluster.FreshScript());
        await Eventually.HoldsAsync(() => cluster.Ffmpeg.RunsOf(Step.Segment).Any(run => run.Alive), () => cluster.Log);
        using (var trace = Process.Start(new ProcessStartInfo(
            "strace", ["-f", "-qq", "-o", cluster.Place.In("strace"), "-e", "trace=rename", "-e", "inject=rename:error=EIO", "-p", silo.Id.ToString(CultureInfo.InvariantCulture)]))!)
        {
            await Eventually.HoldsAsync(() => File.ReadLines($"/proc/{silo.Id}/status").Any(line => line == $"TracerPid:\t{trace.Id}"), () => "strace does not attach.");
            cluster.Ffmpeg.Open();
            var job = await cluster.UntilAsync(id, told => (string?)told["status"] is "failed" or "completed" or "parked");

            Assert.True(((string?)job["status"], (string?)job["error"]?["code"]) == ("failed", "output_not_writable"), $"{job}\n{cluster.Log}");
            Assert.Empty(Directory.GetFiles(Path.Combine(cluster.Data, "segments"), "*.mp4"));
            Signals.Send(trace.Id, "INT");
            await trace.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(200, (await cluster.Gateway.Http.RunAsync($"/jobs/{id}/retry", "-X", "POST")).Status);
        await cluster.IsDoneOnceAsync(id);
    }

    [Theory]
    [InlineData("flipped")]
    [InlineData("deleted")]
    public async Task A_cached_clip_that_is_damaged_is_fetched_again_and_no_other(string how)
    {
        var undisturbed = await shared.UndisturbedAsync();
        var cluster = await shared.WholeAsync();
        await cluster.CompletesAsync(await cluster.SubmitAsync(cluster.FreshScript()));
        var clip = Directory.GetFiles(Path.Combine(cluster.Data, "clips"), "*", SearchOption.AllDirectories)[0];
        if (how == "deleted")
        {
            File.Delete(clip);
        }
        else
        {
            await using var file = new FileStream(clip, FileMode.Open, FileAccess.ReadWrite);
            file.Seek(file.Length / 2, SeekOrigin.Begin);
            var old = file.ReadByte();
            file.Seek(-1, SeekOrigin.Current);
            file.WriteByte((byte)(old ^ 0x40));
        }

        Directory.Delete(Path.Combine(cluster.Data, "segments"), recursive: true);
        cluster.Ffmpeg.Forget();
        var id = await cluster.SubmitAsync(cluster.FreshScript());
        await cluster.IsDoneOnceAsync(id);

        Assert.Single(cluster.Ffmpeg.RunsOf(Step.Probe));
        Assert.Equal(undisturbed, await cluster.VideoAsync(id));
    }

    [Fact]
    public async Task A_store_whose_disk_is_full_refuses_submits_and_jobs_go_on_when_there_is_room()
    {
        var place = new Workplace(media);
        var disk = Directory.CreateDirectory(place.In("redis")).FullName;
        Mount(disk, "size=16m");
        try
        {
            await using var cluster = await ProcessCluster.StartAsync(place, silos: 1);
            cluster.Ffmpeg.Close(Step.Segment);
            var id = await cluster.SubmitAsync(cluster.FreshScript());
            await Eventually.HoldsAsync(() => cluster.Ffmpeg.RunsOf(Step.Segment).Any(run => run.Alive), () => cluster.Log);
            Run("dd", "if=/dev/zero", $"of={disk}/filler", "bs=64k");
            await Eventually.HoldsAsync(async () => (await cluster.Redis.CommandAsync("set", "probe", new string('x', 4096))).StartsWith("MISCONF", StringComparison.Ordinal), () => "The store takes writes on a full disk.");

            cluster.Ffmpeg.Open();
            var refused = await cluster.TrySubmitAsync("seed=9");
            Assert.True(refused is { Status: 503, Code: "store_unavailable" } && refused.Headers.ContainsKey("retry-after"), $"{refused.Status} {refused.Text}\n{cluster.Log}");
            File.Delete(Path.Combine(disk, "filler"));

            await cluster.IsDoneOnceAsync(id);
            Assert.False(cluster.Silos.Single().HasExited, cluster.Log);
        }
        finally
        {
            Run("umount", "-l", disk);
        }
    }

    private static void Mount(string folder, string options)
    {
        using var mount = Process.Start(new ProcessStartInfo("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder]) { RedirectStandardError = true })!;
        mount.WaitForExit();
        Assert.SkipUnless(mount.ExitCode == 0, "A small disk needs the right to mount one.");
    }

    private static void Run(string program, params string[] arguments)
    {
        using var run = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        run.WaitForExit();
    }
}
