using System.Text.Json.Nodes;
using MakeVideo.EndToEndTests.Make;
using MakeVideo.EndToEndTests.Media;
using MakeVideo.EndToEndTests.Processes;

namespace MakeVideo.EndToEndTests.Gateway;

/// <summary>Owners on one server, with keys that the command line makes and ends while it runs.</summary>
public sealed class KeyTests(MediaFixture media)
{
    [Fact]
    public async Task Each_owner_sees_its_own_jobs_and_a_revoked_key_ends()
    {
        var place = new Workplace(media);
        var ann = await KeyAsync(place, "ann", "submit,read");
        await using var server = await ServerProcess.StartAsync(place.In("data"), place.Library, more: "--keys");
        var (bob, admin) = (await KeyAsync(place, "bob", "submit,read"), await KeyAsync(place, "ops", "admin"));
        await Eventually.HoldsAsync(async () => (await AskAsync(server, admin, "/jobs")).Status == 200, () => server.Log);

        var id = await SubmitAsync(server, place, ann, "city at night");
        var other = await SubmitAsync(server, place, bob, "harbour");
        Assert.Equal([id], await ListAsync(server, ann, "/jobs"));
        Assert.Equal([other], await ListAsync(server, bob, "/jobs"));
        Assert.Equal([other, id], await ListAsync(server, admin, "/jobs"));
        Assert.Equal([id], await ListAsync(server, admin, "/jobs?owner=ann&text=NIGHT"));
        Assert.Empty(await ListAsync(server, ann, "/jobs?text=harbour"));

        foreach (var (method, path) in new[] { ("GET", "/jobs/{0}"), ("GET", "/download/{0}"), ("GET", "/jobs/{0}/subtitles"), ("GET", "/jobs/{0}/events-log"), ("POST", "/jobs/{0}/cancel"), ("POST", "/jobs/{0}/retry"), ("DELETE", "/jobs/{0}") })
        {
            var hidden = await AskAsync(server, bob, string.Format(System.Globalization.CultureInfo.InvariantCulture, path, id), "-X", method);
            Assert.Equal((404, "job_not_found"), (hidden.Status, hidden.Code));
        }

        Assert.Equal((403, "scope_missing"), Told(await AskAsync(server, ann, "/jobs/orphaned")));
        Assert.Equal(200, (await AskAsync(server, admin, "/jobs/orphaned?max_age_minutes=0")).Status);
        var nobody = await server.CurlAsync("/jobs");
        Assert.Equal((401, "key_missing", "Bearer realm=\"makevideo\""), (nobody.Status, nobody.Code, nobody.Headers["www-authenticate"]));
        Assert.Equal((404, 404), ((await server.CurlAsync("/metrics")).Status, (await server.CurlAsync("/dashboard/")).Status));

        var revoked = await MakeVideoProcess.RunAsync(place.Folder, ["keys", "revoke", ann.Split('_')[1], "--data", place.In("data")]);
        Assert.Equal(0, revoked.ExitCode);
        await Eventually.HoldsAsync(async () => Told(await AskAsync(server, ann, "/jobs")) == (401, "key_invalid"), () => server.Log, seconds: 10);
        Assert.Equal(200, (await AskAsync(server, bob, $"/jobs/{other}", "-X", "DELETE")).Status);
        Assert.Empty(await ListAsync(server, bob, "/jobs"));
        Assert.Equal([id], await ListAsync(server, admin, "/jobs"));
    }

    [Fact]
    public async Task A_batch_makes_jobs_of_audio_that_is_here_and_its_jobs_outlive_the_one_that_brought_it()
    {
        var place = new Workplace(media);
        var ann = await KeyAsync(place, "ann", "submit,read");
        await using var server = await ServerProcess.StartAsync(place.In("data"), place.Library, more: "--keys");
        var id = await SubmitAsync(server, place, ann, "city");
        await DoneAsync(id);
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(place.Speech, TestContext.Current.CancellationToken)));
        var list = $$"""[{"job_id": "{{id}}", "query": "harbour", "quality": "preview"}, {"audio_sha256": "{{hash}}", "query": "city", "quality": "preview", "aspect_ratio": "1:1"}, {"audio_sha256": "{{hash}}", "query": "x"}]""";

        var first = await BatchAsync();
        var again = await BatchAsync();
        Assert.Equal((200, first.Text), (again.Status, again.Text));
        Assert.Equal(200, (await AskAsync(server, ann, $"/jobs/{id}", "-X", "DELETE")).Status);

        Assert.Equal([202, 202, 422], first.Json!.AsArray().Select(answer => (int)answer!["status"]!));
        foreach (var answer in first.Json.AsArray().Take(2))
        {
            await DoneAsync((string)answer!["job_id"]!);
        }

        Assert.Equal(2, (await ListAsync(server, ann, "/jobs")).Count());

        Task<Curled> BatchAsync() => AskAsync(server, ann, "/batch", "-H", "Content-Type: application/json", "-H", "Idempotency-Key: the-batch", "-d", list);

        Task DoneAsync(string job) => Eventually.HoldsAsync(async () => (string?)(await AskAsync(server, ann, $"/jobs/{job}")).Json?["status"] == "completed", () => server.Log);
    }

    [Fact]
    public async Task A_server_that_others_reach_does_not_start_without_a_key()
    {
        var place = new Workplace(media);

        var refused = await MakeVideoProcess.RunAsync(place.Folder, ["all", "--data", place.In("data"), "--library", place.Library, "--urls", "http://0.0.0.0:0"]);

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("makevideo keys add --owner NAME", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("--open", refused.Errors, StringComparison.Ordinal);
    }

    private static (int, string?) Told(Curled answer) => (answer.Status, answer.Code);

    private static async Task<string> KeyAsync(Workplace place, string owner, string scopes)
    {
        var made = await MakeVideoProcess.RunAsync(place.Folder, ["keys", "add", "--owner", owner, "--scopes", scopes, "--data", place.In("data")]);
        Assert.True(made.ExitCode == 0, made.Errors);
        return made.Output.Trim();
    }

    private static Task<Curled> AskAsync(ServerProcess server, string key, string path, params string[] options) => server.CurlAsync(path, ["-H", $"Authorization: Bearer {key}", .. options]);

    private static async Task<string> SubmitAsync(ServerProcess server, Workplace place, string key, string query)
    {
        var accepted = await server.CurlAsync("/make-video", "-H", $"X-Api-Key: {key}", "-F", $"audio_file=@{place.Speech}", "-F", $"query={query}", "-F", "quality=preview");
        Assert.True(accepted.Status == 202, accepted.Text);
        return (string)accepted.Json!["job_id"]!;
    }

    private static async Task<IEnumerable<string>> ListAsync(ServerProcess server, string key, string path) =>
        ((await AskAsync(server, key, path)).Json as JsonArray)!.Select(job => (string)job!["job_id"]!);
}
