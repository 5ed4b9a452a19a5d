using System.Diagnostics;
using MakeVideo.EndToEndTests.Processes;

namespace MakeVideo.EndToEndTests.Cluster;

/// <summary>The disk under a cluster: full, read-only, or not holding what it held.</summary>
[Collection(ClusterCollection.Name)]
public sealed class DiskTests(SharedCluster shared)
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
