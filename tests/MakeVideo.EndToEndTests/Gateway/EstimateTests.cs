using MakeVideo.EndToEndTests.Media;
using MakeVideo.EndToEndTests.Processes;

namespace MakeVideo.EndToEndTests.Gateway;

/// <summary>What a job would take, and what it is told to take while it runs, by curl against the built executable.</summary>
public sealed class EstimateTests(ServerFixture fixture, MediaFixture media) : IClassFixture<ServerFixture>
{
    private ServerProcess Server => fixture.Server;

    [Fact]
    public async Task A_cluster_estimates_before_it_knows_anything_and_learns_from_its_first_job()
    {
        var before = await EstimateAsync();
        Assert.True(before.Status == 200, before.Text);
        Assert.Equal(("built_in", 0), ((string?)before.Json!["basis"], (int)before.Json["queue_position"]!));
        Assert.Equal((double)before.Json["audio_duration"]! + 1, (double)before.Json["target_video_duration"]!, 1 / 30.0);
        Assert.Empty(Directory.Exists(Path.Combine(fixture.Data, "uploads")) ? Directory.GetDirectories(Path.Combine(fixture.Data, "uploads")) : []);

        var accepted = await Server.CurlAsync("/make-video", "-F", $"audio_file=@{fixture.Place.Speech}", "-F", "query=city", "-F", "quality=preview");
        var id = (string)accepted.Json!["job_id"]!;
        var (deadlines, etas) = (0, 0);
        await Eventually.HoldsAsync(
            async () =>
            {
                var job = (await Server.CurlAsync($"/jobs/{id}")).Json!;
                deadlines += job["deadline"] is null ? 0 : 1;
                etas += job["eta"] is null ? 0 : 1;
                return (string?)job["status"] is "completed" or "failed";
            },
            () => "The job does not end.", seconds: 180);
        var done = (await Server.CurlAsync($"/jobs/{id}")).Json!;
        Assert.True((string?)done["status"] == "completed", done.ToJsonString());
        Assert.True(deadlines > 0 && etas > 0, $"{deadlines} deadlines and {etas} ends were told");
        Assert.Equal((null, null, null), (done["deadline"], done["eta"], done["eta_basis"]));

        Curled? after = null;
        await Eventually.HoldsAsync(async () => (string?)(after = await EstimateAsync()).Json!["basis"] == "learned", () => $"It does not learn: {after?.Text}", seconds: 60);
        Assert.Equal((double)done["result"]!["file_size"]!, (double)after!.Json!["bytes"]!, 0.05 * (double)done["result"]!["file_size"]!);
    }

    [Fact]
    public async Task What_is_no_audio_or_too_long_is_refused_as_in_a_submission()
    {
        var image = await Server.CurlAsync("/estimate", "-F", $"audio_file=@{media.Clip("still.mp4", seconds: 1)}");
        Assert.Equal(422, image.Status);
        var tooLong = await Server.CurlAsync("/estimate", "-H", "Content-Type: application/json", "-d", """{"audio_seconds": 36000}""");
        Assert.Equal((422, "audio_too_long"), (tooLong.Status, (string?)tooLong.Json!["code"]));
        var nothing = await Server.CurlAsync("/estimate", "-d", "quality=fast");
        Assert.Equal((422, "audio_missing"), (nothing.Status, (string?)nothing.Json!["code"]));
    }

    private Task<Curled> EstimateAsync() => Server.CurlAsync("/estimate", "-F", $"audio_file=@{fixture.Place.Speech}", "-F", "quality=preview");
}
