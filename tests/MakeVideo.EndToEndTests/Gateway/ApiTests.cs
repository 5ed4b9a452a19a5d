using System.Diagnostics;
using MakeVideo.EndToEndTests.Make;
using MakeVideo.EndToEndTests.Media;
using MakeVideo.EndToEndTests.Processes;

namespace MakeVideo.EndToEndTests.Gateway;

/// <summary>The API as its clients call it: by curl, over HTTP, against the built executable.</summary>
public sealed class ApiTests(ServerFixture fixture, MediaFixture media) : IClassFixture<ServerFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ServerProcess Server => fixture.Server;

    [Fact]
    public async Task A_job_lives_from_upload_to_deletion()
    {
        var accepted = await Server.CurlAsync("/make-video", "-F", $"audio_file=@{fixture.Place.Speech}", "-F", "query=city", "-F", "subtitle_style=dynamic", "-F", "aspect_ratio=9:16", "-F", "quality=preview");
        Assert.True(accepted.Status == 202, accepted.Text);
        var id = (string)accepted.Json!["job_id"]!;
        Assert.Matches("^[0-9A-Za-z]{22}$", id);
        Assert.Equal(("queued", $"/jobs/{id}"), ((string?)accepted.Json["status"], accepted.Headers["location"]));

        var job = await Server.UntilAsync(id, "completed", "failed");
        Assert.True((string?)job["status"] == "completed", job.ToJsonString());
        Assert.Equal((100, "360x640", 30), ((int)job["progress"]!, (string?)job["result"]!["resolution"], (int)job["result"]!["fps"]!));
        Assert.Equal((double)job["audio_duration"]! + 1, (double)job["result"]!["duration"]!, 1 / 30.0);
        Assert.All(job["stages"]!.AsObject(), stage => Assert.Equal("completed", (string?)stage.Value!["status"]));
        Assert.Equal(7, job["stages"]!.AsObject().Count);

        var list = await Server.CurlAsync("/jobs?status=completed&limit=1");
        Assert.Equal(id, (string?)list.Json![0]!["job_id"]);

        var video = await Server.CurlAsync((string)job["result"]!["video_url"]!);
        Assert.Equal((200, "video/mp4", (long)job["result"]!["file_size"]!), (video.Status, video.Headers["content-type"], (long)video.Body.Length));
        Assert.Equal((string?)job["result"]!["sha256"], Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(video.Body)));
        var part = await Server.CurlAsync($"/download/{id}", "--range", "100-199");
        Assert.Equal(206, part.Status);
        Assert.Equal(video.Body[100..200], part.Body);
        var head = await Server.CurlAsync($"/download/{id}", "--head");
        Assert.Equal((200, video.Headers["content-length"]), (head.Status, head.Headers["content-length"]));

        var subtitles = await Server.CurlAsync($"/jobs/{id}/subtitles");
        Assert.Equal((200, "application/x-subrip; charset=utf-8"), (subtitles.Status, subtitles.Headers["content-type"]));
        Assert.StartsWith("1\n00:00:0", subtitles.Text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal((int)job["result"]!["subtitle_segments"]!, subtitles.Text.Split("-->").Length - 1);

        Assert.Equal((409, "job_conflict"), Brief(await Server.CurlAsync($"/jobs/{id}/cancel", "-X", "POST")));
        var deleted = await Server.CurlAsync($"/jobs/{id}", "-X", "DELETE");
        Assert.Equal((200, id), (deleted.Status, (string?)deleted.Json!["job_id"]));
        foreach (var path in new[] { $"/jobs/{id}", $"/download/{id}", $"/jobs/{id}/subtitles" })
        {
            Assert.Equal((404, "job_not_found"), Brief(await Server.CurlAsync(path)));
        }

        Assert.Equal((404, "job_not_found"), Brief(await Server.CurlAsync($"/jobs/{id}", "-X", "DELETE")));
        Assert.DoesNotContain(id, (await Server.CurlAsync("/jobs")).Text, StringComparison.Ordinal);
        Assert.Empty(Traces(fixture.Data, id));
    }

    [Fact]
    public async Task A_script_gives_the_words()
    {
        await File.WriteAllTextAsync(fixture.Place.In("words.txt"), Workplace.Sentence, Cancellation);

        var accepted = await Server.CurlAsync("/make-video", "-F", "query=city", "-F", "quality=preview", "-F", $"script=@{fixture.Place.In("words.txt")}", "-F", $"audio_file=@{fixture.Place.Speech}");
        var id = (string)accepted.Json!["job_id"]!;
        await Server.UntilAsync(id, "completed");

        var words = string.Join(' ', (await Server.CurlAsync($"/jobs/{id}/subtitles")).Text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries).SelectMany(cue => cue.Trim().Split('\n').Skip(2)));
        Assert.Equal(Workplace.Sentence, words);
    }

    [Theory]
    [InlineData(422, "audio_empty", "audio_file=@empty.mp3")]
    [InlineData(422, "audio_unreadable", "audio_file=@image.mp3")]
    [InlineData(422, "audio_unreadable", "audio_file=@playlist.mp3")]
    [InlineData(422, "audio_unreadable", "audio_file=@torn.flac")]
    [InlineData(422, "audio_too_short", "audio_file=@short.wav")]
    [InlineData(422, "audio_silent", "audio_file=@silent.wav")]
    [InlineData(422, "audio_too_long", "audio_file=@long.aac")]
    [InlineData(422, "audio_missing")]
    [InlineData(422, "query_invalid", "audio_file=@short.wav", "query=ab")]
    [InlineData(422, "invalid_request", "audio_file=@short.wav", "max_shorts=9")]
    [InlineData(422, "subtitle_style_unknown", "audio_file=@short.wav", "subtitle_style=loud")]
    [InlineData(422, "aspect_ratio_unknown", "audio_file=@short.wav", "aspect_ratio=3:7")]
    [InlineData(422, "option_unknown", "audio_file=@short.wav", "crop_position=left")]
    [InlineData(422, "quality_unknown", "audio_file=@short.wav", "quality=best")]
    [InlineData(422, "language_unsupported", "audio_file=@speech.wav", "subtitle_language=pt")]
    [InlineData(422, "script_invalid", "audio_file=@speech.wav", "script=@empty.mp3")]
    public async Task Bad_input_is_a_problem_and_leaves_nothing(int status, string code, params string[] fields)
    {
        await MakeBadInputAsync();
        var named = fields.Any(field => field.StartsWith("query=", StringComparison.Ordinal)) ? fields : [.. fields, "query=city"];

        var answer = await Server.CurlAsync("/make-video", [.. named.SelectMany(field => new[] { "-F", field.Replace("@", "@" + fixture.Place.Folder + "/", StringComparison.Ordinal) })]);

        Assert.True((status, code) == Brief(answer), answer.Text);
        Assert.Equal("application/problem+json", answer.Headers["content-type"]);
        Assert.Single(((string)answer.Json!["detail"]!).Split('\n'));
        var known = (await Server.CurlAsync("/jobs?limit=500")).Json!.AsArray().Select(job => (string)job!["job_id"]!);
        Assert.Empty(Uploads(fixture.Data).Except(known));
    }

    [Fact]
    public async Task A_job_that_finds_no_footage_fails_with_the_reason()
    {
        var accepted = await Server.CurlAsync("/make-video", "-F", $"audio_file=@{fixture.Place.Speech}", "-F", "query=submarine", "-F", "quality=preview");
        var id = (string)accepted.Json!["job_id"]!;

        var job = await Server.UntilAsync(id, "completed", "failed");

        Assert.Equal(("failed", "no_clip_matches", "fetching_shorts"), ((string?)job["status"], (string?)job["error"]!["code"], (string?)job["error"]!["details"]!["stage"]));
        Assert.Equal((409, "job_not_completed"), Brief(await Server.CurlAsync($"/download/{id}")));
        Assert.Contains(id, (await Server.CurlAsync("/jobs?status=failed")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_service_tells_what_it_is_and_how_it_is()
    {
        Assert.Equal(("healthy", "ok"), ((string?)(await Server.CurlAsync("/health")).Json!["status"], (string?)(await Server.CurlAsync("/health")).Json!["store"]));
        Assert.Equal("make-video", (string?)(await Server.CurlAsync("/")).Json!["service"]);
        Assert.NotNull((await Server.CurlAsync("/openapi/v1.json")).Json!["paths"]!["/make-video"]);
        Assert.Equal((404, "job_not_found"), Brief(await Server.CurlAsync("/download/..%2f..%2f..%2fetc%2fpasswd")));
        Assert.Equal((404, "not_found"), Brief(await Server.CurlAsync("/nowhere")));
        Assert.Equal((405, "method_not_allowed"), Brief(await Server.CurlAsync("/jobs", "-X", "PUT")));
        Assert.Equal((422, "invalid_request"), Brief(await Server.CurlAsync("/jobs?limit=501")));
    }

    [Fact]
    public async Task An_upload_over_the_limit_is_refused_while_it_streams()
    {
        // 2 GB of nothing after a WAV's head, sent in chunks: the answer must not wait for the end of it.
        await File.WriteAllBytesAsync(fixture.Place.In("huge.wav"), "RIFF\0\0\0\0WAVE"u8.ToArray(), Cancellation);
        await using (var huge = new FileStream(fixture.Place.In("huge.wav"), FileMode.Open))
        {
            huge.SetLength(2L << 30);
        }

        var started = Stopwatch.GetTimestamp();
        var answer = await Server.CurlAsync("/make-video", "-H", "Transfer-Encoding: chunked", "-F", $"audio_file=@{fixture.Place.In("huge.wav")}", "-F", "query=city");

        Assert.True(answer is { Status: 413, Code: "audio_too_large" }, answer.Text);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30));
    }

    private static (int Status, string? Code) Brief(Curled answer) => (answer.Status, answer.Code);

    private static IEnumerable<string> Uploads(string data) =>
        Directory.Exists(Path.Combine(data, "uploads")) ? Directory.GetDirectories(Path.Combine(data, "uploads")).Select(folder => Path.GetFileName(folder)) : [];

    /// <summary>What a job left on disk, outside the store.</summary>
    private static IEnumerable<string> Traces(string data, string id) =>
        Directory.GetFileSystemEntries(data, $"*{id}*", SearchOption.AllDirectories).Where(path => !path.StartsWith(Path.Combine(data, "store"), StringComparison.Ordinal));

    private async Task MakeBadInputAsync()
    {
        var place = fixture.Place;
        await File.WriteAllBytesAsync(place.In("empty.mp3"), [], Cancellation);
        await File.WriteAllTextAsync(place.In("playlist.mp3"), "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n", Cancellation);
        await File.WriteAllBytesAsync(place.In("torn.flac"), [.. "fLaC"u8, .. Enumerable.Range(0, 5000).Select(i => (byte)(i * 7))], Cancellation);
        MediaFixture.Ffmpeg("-f", "lavfi", "-i", "color=red:size=320x240", "-frames:v", "1", "-f", "image2", "-c:v", "png", place.In("image.mp3"));
        File.Copy(media.Make("silent.wav", "-f", "lavfi", "-i", "anullsrc=r=44100:cl=stereo:d=6"), place.In("silent.wav"), overwrite: true);
        File.Copy(media.Tone("short.wav", 4.9), place.In("short.wav"), overwrite: true);
        File.Copy(media.Make("long.aac", "-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono:d=3605", "-b:a", "8k"), place.In("long.aac"), overwrite: true);
        File.Copy(place.Speech, place.In("speech.wav"), overwrite: true);
    }
}
