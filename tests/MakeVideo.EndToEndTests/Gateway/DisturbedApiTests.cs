using System.Diagnostics;
using MakeVideo.EndToEndTests.Make;
using MakeVideo.EndToEndTests.Media;
using MakeVideo.EndToEndTests.Processes;

namespace MakeVideo.EndToEndTests.Gateway;

/// <summary>The API while something ends in the middle: a job by its user, the server by a signal, an upload by its client, the disk by its size.</summary>
public sealed class DisturbedApiTests(MediaFixture media)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_job_can_be_stopped_while_it_renders(bool delete)
    {
        var place = new Workplace(media);
        var gate = new GatedFfmpeg(place.In("gate"), free: 0);
        await using var server = await ServerProcess.StartAsync(place.In("data"), place.Library, gate.Folder);
        var id = await SubmitAsync(server, place);
        await Eventually.HoldsAsync(() => gate.Runs > 0, () => server.Log);

        var answer = delete ? await server.CurlAsync($"/jobs/{id}", "-X", "DELETE") : await server.CurlAsync($"/jobs/{id}/cancel", "-X", "POST");

        Assert.True(answer.Status == 200, answer.Text);
        await Eventually.HoldsAsync(() => !IsRendering(place), () => "Its ffmpeg still runs.", seconds: 5);
        gate.Open();
        var after = await server.CurlAsync($"/jobs/{id}");
        Assert.Equal(delete ? (404, null) : (200, "cancelled"), (after.Status, delete ? null : (string?)after.Json!["status"]));
        Assert.False(File.Exists(place.In($"data/videos/{id}.mp4")));
    }

    [Fact]
    public async Task A_killed_server_finishes_its_job_when_it_is_back()
    {
        var place = new Workplace(media);
        var gate = new GatedFfmpeg(place.In("gate"), free: 1);
        string id;
        await using (var killed = await ServerProcess.StartAsync(place.In("data"), place.Library, gate.Folder))
        {
            id = await SubmitAsync(killed, place);
            await Eventually.HoldsAsync(() => Directory.Exists(place.In("data/segments")) && Directory.GetFiles(place.In("data/segments"), "*.mp4").Length == 1, () => killed.Log);
            await killed.KillAsync();
        }

        gate.Open();
        await using var server = await ServerProcess.StartAsync(place.In("data"), place.Library, gate.Folder);
        var job = await server.UntilAsync(id, "completed", "failed");

        Assert.Equal(("completed", 1), ((string?)job["status"], (int)job["result"]!["segments_reused"]!));
        Assert.Equal(200, (await server.CurlAsync($"/download/{id}")).Status);
        Assert.Equal(0, await server.StopAsync());
    }

    [Fact]
    public async Task An_upload_whose_client_goes_away_leaves_nothing()
    {
        var place = new Workplace(media);
        await using var server = await ServerProcess.StartAsync(place.In("data"), place.Library);
        var uploads = place.In("data/uploads");
        using var curl = Process.Start("curl", ["--silent", "--limit-rate", "50k", "--output", "/dev/null", "-F", $"audio_file=@{place.Speech}", "-F", "query=city", server.Address + "/make-video"]);
        await Eventually.HoldsAsync(() => Directory.Exists(uploads) && Directory.GetDirectories(uploads).Length == 1, () => server.Log);

        curl.Kill();

        await Eventually.HoldsAsync(() => Directory.GetDirectories(uploads).Length == 0, () => server.Log);
        Assert.Empty((await server.CurlAsync("/jobs")).Json!.AsArray());
    }

    [Fact]
    public async Task A_full_disk_is_507_and_leaves_nothing()
    {
        var place = new Workplace(media);
        var uploads = Directory.CreateDirectory(place.In("data/uploads")).FullName;
        using (var mount = Process.Start("mount", ["-t", "tmpfs", "-o", "size=128k", "tmpfs", uploads]))
        {
            await mount.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.SkipUnless(mount.ExitCode == 0, "A small disk needs the right to mount one.");
        }

        try
        {
            await using var server = await ServerProcess.StartAsync(place.In("data"), place.Library);

            var answer = await server.CurlAsync("/make-video", "-F", $"audio_file=@{place.Speech}", "-F", "query=city");

            Assert.True(answer is { Status: 507, Code: "disk_full" }, answer.Text);
            Assert.True(answer.Headers.ContainsKey("retry-after"));
            Assert.Empty(Directory.GetFileSystemEntries(uploads));
        }
        finally
        {
            using var unmount = Process.Start("umount", [uploads]);
            unmount.WaitForExit();
        }
    }

    private static async Task<string> SubmitAsync(ServerProcess server, Workplace place)
    {
        var accepted = await server.CurlAsync("/make-video", "-F", $"audio_file=@{place.Speech}", "-F", "query=city", "-F", "quality=preview");
        Assert.True(accepted.Status == 202, accepted.Text);
        return (string)accepted.Json!["job_id"]!;
    }

    /// <summary>Whether a process still works on a segment of this place.</summary>
    private static bool IsRendering(Workplace place) => Directory.GetDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])).Any(folder =>
    {
        try
        {
            var command = File.ReadAllText(Path.Combine(folder, "cmdline"));
            return command.Contains(place.In("data/work"), StringComparison.Ordinal) && command.Contains("segment.mp4", StringComparison.Ordinal);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });
}
