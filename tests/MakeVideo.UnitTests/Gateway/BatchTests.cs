using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Keys;
using MakeVideo.Gateway.Problems;

namespace MakeVideo.UnitTests.Gateway;

public sealed class BatchTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_job_of_a_batch_is_taken_or_refused_by_itself()
    {
        await using var server = await GatewayServer.StartAsync();
        var (source, bytes) = Uploaded(server);

        var answers = await AnswersAsync(await PostAsync(server, $$"""
            [{"job_id": "{{source}}", "query": "ocean", "max_shorts": 20, "any_clip": true, "subtitle_style": "dynamic", "script": "Hello there."},
             {"audio_sha256": "{{new string('a', 64)}}", "query": "desert", "aspect_ratio": "16:9"},
             {"job_id": "{{source}}", "query": "x"},
             {"job_id": "{{JobIds.Create()}}", "query": "ocean"},
             {"job_id": "../../etc", "query": "ocean"},
             {"job_id": "{{source}}", "query": "ocean", "aspekt_ratio": "1:1"},
             {"audio_sha256": "{{new string('b', 64)}}", "query": "ocean"},
             {"query": "ocean"},
             "job",
             {"job_id": "{{source}}", "query": ["ocean"]},
             {"job_id": "{{source}}", "query": "ocean", "fit": null}]
            """));

        Assert.Equal([202, 202, 422, 404, 404, 400, 422, 422, 422, 422, 202], answers.Select(answer => (int)answer!["status"]!));
        Assert.Equal(
            [null, null, "query_invalid", "job_not_found", "job_not_found", "unknown_field", "audio_missing", "audio_missing", "invalid_request", "invalid_request", null],
            answers.Select(answer => (string?)answer!["problem"]?["code"]));
        Assert.Contains("Did you mean aspect_ratio?", (string?)answers[5]!["problem"]!["detail"], StringComparison.Ordinal);
        var (first, second) = (server.Cluster.Jobs[(string)answers[0]!["job_id"]!].Request, server.Cluster.Jobs[(string)answers[1]!["job_id"]!].Request);
        Assert.Equal(("ocean", 20, true, CaptionStyle.Dynamic, true), (first.Query, first.MaxShorts, first.AnyClip, first.Style, first.HasScript));
        Assert.Equal((new string('a', 64), "speech.mp3", AspectRatio.Landscape16x9), (second.AudioSha256, second.AudioName, second.Aspect));
        Assert.Equal("Hello there.", await File.ReadAllTextAsync(server.Data.Script(first.JobId), Cancellation));

        // The audio outlives the job that brought it; what was refused leaves nothing.
        Directory.Delete(server.Data.Upload(source), recursive: true);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(server.Data.Audio(second.JobId), Cancellation));
        Assert.Equal(3, server.Uploads.Count);
        var gone = await AnswersAsync(await PostAsync(server, $$"""[{"job_id": "{{source}}", "query": "ocean"}]"""));
        Assert.Equal((422, "audio_missing"), ((int)gone[0]!["status"]!, (string?)gone[0]!["problem"]!["code"]));
    }

    [Fact]
    public async Task Under_a_key_the_answer_is_kept_and_another_list_is_refused()
    {
        await using var server = await GatewayServer.StartAsync();
        var (source, _) = Uploaded(server);
        var list = $$"""[{"job_id": "{{source}}", "query": "ocean"}, {"job_id": "{{source}}", "query": "x"}]""";

        var first = await AnswersAsync(await PostAsync(server, list, "key-1"));
        var again = await AnswersAsync(await PostAsync(server, list.Replace(" ", "  ", StringComparison.Ordinal), "key-1"));

        Assert.Equal(first.ToJsonString(), again.ToJsonString());
        Assert.Equal(2, server.Cluster.Jobs.Count);
        await ProblemAssert.IsAsync(await PostAsync(server, "[{}]", "key-1"), HttpStatusCode.UnprocessableEntity, FailureCodes.IdempotencyKeyReused);
    }

    [Fact]
    public async Task What_may_yet_be_taken_is_not_kept_and_what_was_taken_stays_the_same_job()
    {
        await using var server = await GatewayServer.StartAsync();
        var (source, _) = Uploaded(server);
        var list = $$"""[{"job_id": "{{source}}", "query": "ocean"}, {"job_id": "{{source}}", "query": "desert"}]""";
        server.Cluster.Admit = request => request.Query == "desert" ? throw new TimeoutException() : Task.FromResult<Outcome<JobView>>(Samples.Queued(request));

        var first = await AnswersAsync(await PostAsync(server, list, "key-1"));
        Assert.Equal([202, 503], first.Select(answer => (int)answer!["status"]!));

        server.Cluster.Submissions.Remove(server.Cluster.Submissions.Single(entry => entry.Value.Query == "desert").Key, out _);
        server.Cluster.Admit = request => Task.FromResult<Outcome<JobView>>(Samples.Queued(request));
        var again = await AnswersAsync(await PostAsync(server, list, "key-1"));
        Assert.Equal([202, 202], again.Select(answer => (int)answer!["status"]!));
        Assert.Equal((string?)first[0]!["job_id"], (string?)again[0]!["job_id"]);
        Assert.Equal(3, server.Cluster.Jobs.Count);
    }

    [Fact]
    public async Task Another_owners_audio_is_not_there()
    {
        await using var server = await GatewayServer.StartClosedAsync();
        var (_, ann) = await server.KeyAsync("ann", KeyScope.Submit);
        var (source, _) = Uploaded(server, "bob");

        var answer = await server.SendAsync("POST", "/batch", ann, Json($$"""[{"job_id": "{{source}}", "query": "ocean"}, {"audio_sha256": "{{new string('a', 64)}}", "query": "ocean"}]"""));

        Assert.Equal(["job_not_found", "audio_missing"], (await AnswersAsync(answer)).Select(each => (string?)each!["problem"]!["code"]));
    }

    [Theory]
    [InlineData("", HttpStatusCode.BadRequest, HttpCodes.BadRequest)]
    [InlineData("[{", HttpStatusCode.BadRequest, HttpCodes.BadRequest)]
    [InlineData("""[{"query": "a", "query": "b"}]""", HttpStatusCode.BadRequest, HttpCodes.BadRequest)]
    [InlineData("[[[[[[[[[[[[[[]]]]]]]]]]]]]]", HttpStatusCode.BadRequest, HttpCodes.BadRequest)]
    [InlineData("{}", HttpStatusCode.UnprocessableEntity, FailureCodes.InvalidRequest)]
    [InlineData("[]", HttpStatusCode.UnprocessableEntity, FailureCodes.InvalidRequest)]
    public async Task What_is_no_list_of_jobs_is_refused(string body, HttpStatusCode status, string code)
    {
        await using var server = await GatewayServer.StartAsync();

        await ProblemAssert.IsAsync(await PostAsync(server, body), status, code);
        await ProblemAssert.IsAsync(await PostAsync(server, $"[{string.Join(',', Enumerable.Repeat("{}", 101))}]"), HttpStatusCode.UnprocessableEntity, FailureCodes.InvalidRequest);
        await ProblemAssert.IsAsync(await server.SendAsync("POST", "/batch", null, new StringContent("[]")), HttpStatusCode.UnsupportedMediaType, HttpCodes.UnsupportedMediaType);
    }

    /// <summary>A job with its audio on disk; its SHA-256 is all a.</summary>
    private static (string Id, byte[] Bytes) Uploaded(GatewayServer server, string? owner = null)
    {
        var (id, bytes) = (JobIds.Create(), Samples.Wav(5000));
        server.Cluster.Jobs[id] = Samples.Completed(id) with { Request = Samples.Request(id) with { Owner = owner } };
        Directory.CreateDirectory(server.Data.Upload(id));
        File.WriteAllBytes(server.Data.Audio(id), bytes);
        return (id, bytes);
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static Task<HttpResponseMessage> PostAsync(GatewayServer server, string body, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/batch") { Content = Json(body) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return server.Client.SendAsync(request, Cancellation);
    }

    private static async Task<JsonArray> AnswersAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.StatusCode is HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!.AsArray();
    }
}
