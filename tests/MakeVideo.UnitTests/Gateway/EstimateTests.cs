using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MakeVideo.Contracts;

namespace MakeVideo.UnitTests.Gateway;

public sealed class EstimateTests
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task Seconds_of_audio_are_enough_and_the_answer_has_its_shape()
    {
        await using var server = await GatewayServer.StartAsync();
        var seen = Watch(server);

        var response = await PostAsync(server, """{"audio_seconds": 62.5, "quality": "preview", "max_shorts": 20, "aspect_ratio": "1:1", "any_clip": true, "source": null}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var (request, seconds) = Assert.Single(seen);
        Assert.Equal((62.5, Quality.Preview, 20, AspectRatio.Square1x1, true), (seconds, request.Quality, request.MaxShorts, request.Aspect, request.AnyClip));
        var json = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Golden.Match(json.ToJsonString(Readable) + "\n", "estimate.json");
    }

    [Fact]
    public async Task A_form_without_audio_is_as_good_whichever_way_it_is_encoded()
    {
        await using var server = await GatewayServer.StartAsync();
        var seen = Watch(server);
        (string, string)[] fields = [("audio_seconds", "30"), ("subtitle_language", "en")];

        var plain = await server.Client.PostAsync("/estimate", new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Item1, field.Item2))), TestContext.Current.CancellationToken);
        var parts = await PostAsync(server, fields);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (plain.StatusCode, parts.StatusCode));
        Assert.All(seen, call => Assert.Equal((30.0, "en"), (call.Seconds, call.Request.Language)));
        Assert.Equal(2, seen.Count);
    }

    [Fact]
    public async Task An_upload_is_there_while_it_is_measured_and_gone_with_the_answer()
    {
        await using var server = await GatewayServer.StartAsync();
        var audio = Samples.Wav(10_000);
        server.Cluster.Estimate = (request, seconds) =>
        {
            Assert.Null(seconds);
            Assert.Equal(audio, File.ReadAllBytes(server.Data.Audio(request.JobId)));
            return Samples.Estimate(11);
        };

        var response = await PostAsync(server, [("query", "ocean")], audio);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(server.Uploads);
        Assert.Empty(server.Cluster.Jobs);
    }

    [Fact]
    public async Task A_refused_upload_is_gone_too()
    {
        await using var server = await GatewayServer.StartAsync();
        server.Cluster.Estimate = (_, _) => new JobFailure(FailureCodes.AudioTooLong, JobStage.AnalyzingAudio, "The audio is 600 min long.");

        await ProblemAssert.IsAsync(await PostAsync(server, [], Samples.Wav(10_000)), HttpStatusCode.UnprocessableEntity, FailureCodes.AudioTooLong);
        await ProblemAssert.IsAsync(await PostAsync(server, [], Samples.Png), HttpStatusCode.UnprocessableEntity, FailureCodes.AudioUnreadable);
        Assert.Empty(server.Uploads);
    }

    [Fact]
    public async Task A_jobs_audio_need_not_be_sent_again()
    {
        await using var server = await GatewayServer.StartAsync();
        var seen = Watch(server);
        server.Cluster.Jobs[Samples.Id] = Samples.Completed();
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(server, $$"""{"job_id": "{{Samples.Id}}", "quality": "high"}""")).StatusCode);

        // One that is not analyzed yet is measured from its upload, which stays.
        server.Cluster.Jobs[Samples.Id] = Samples.Queued(Samples.Request());
        Directory.CreateDirectory(server.Data.Upload(Samples.Id));
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(server, $$"""{"job_id": "{{Samples.Id}}"}""")).StatusCode);

        Assert.Equal([(11.0, Samples.Id, Quality.High), (null, Samples.Id, Quality.Fast)], seen.Select(call => (call.Seconds, call.Request.JobId, call.Request.Quality)));
        Assert.Single(server.Uploads);
        await ProblemAssert.IsAsync(await PostAsync(server, """{"job_id": "0123456789ABCDEFabcdee"}"""), HttpStatusCode.NotFound, FailureCodes.JobNotFound);
        await ProblemAssert.IsAsync(await PostAsync(server, """{"job_id": "../../etc/passwd"}"""), HttpStatusCode.NotFound, FailureCodes.JobNotFound);
    }

    [Theory]
    [InlineData("{}", HttpStatusCode.UnprocessableEntity, FailureCodes.AudioMissing)]
    [InlineData("""{"audio_seconds": 60, "job_id": "0123456789ABCDEFabcdef"}""", HttpStatusCode.UnprocessableEntity, FailureCodes.InvalidRequest)]
    [InlineData("""{"audio_seconds": "a minute"}""", HttpStatusCode.UnprocessableEntity, FailureCodes.InvalidRequest)]
    [InlineData("""{"audio_seconds": "NaN"}""", HttpStatusCode.UnprocessableEntity, FailureCodes.InvalidRequest)]
    [InlineData("""{"audio_seconds": [60]}""", HttpStatusCode.UnprocessableEntity, FailureCodes.InvalidRequest)]
    [InlineData("""{"audio_seconds": 60, "quality": "best"}""", HttpStatusCode.UnprocessableEntity, FailureCodes.QualityUnknown)]
    [InlineData("""{"audio_seconds": 60, "max_shorts": 5}""", HttpStatusCode.UnprocessableEntity, FailureCodes.InvalidRequest)]
    [InlineData("""{"audio_seconds": 60, "query": "x"}""", HttpStatusCode.UnprocessableEntity, FailureCodes.QueryInvalid)]
    [InlineData("""{"audio_seconds": 60""", HttpStatusCode.BadRequest, "bad_request")]
    [InlineData("[]", HttpStatusCode.BadRequest, "bad_request")]
    [InlineData("", HttpStatusCode.BadRequest, "bad_request")]
    public async Task What_is_wrong_is_told_as_for_a_submission(string json, HttpStatusCode status, string code)
    {
        await using var server = await GatewayServer.StartAsync();

        await ProblemAssert.IsAsync(await PostAsync(server, json), status, code);
    }

    [Fact]
    public async Task A_body_without_audio_is_small()
    {
        await using var server = await GatewayServer.StartAsync();

        await ProblemAssert.IsAsync(await PostAsync(server, $$"""{"audio_seconds": 60, "query": "{{new string('x', 70_000)}}"}"""), HttpStatusCode.RequestEntityTooLarge, "body_too_large");
        await ProblemAssert.IsAsync(
            await server.Client.PostAsync("/estimate", new StringContent("60", Encoding.UTF8, "text/plain"), TestContext.Current.CancellationToken), HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    private static List<(JobRequest Request, double? Seconds)> Watch(GatewayServer server)
    {
        var seen = new List<(JobRequest, double?)>();
        server.Cluster.Estimate = (request, seconds) =>
        {
            seen.Add((request, seconds));
            return Samples.Estimate(seconds ?? 11);
        };
        return seen;
    }

    private static Task<HttpResponseMessage> PostAsync(GatewayServer server, string json) =>
        server.Client.PostAsync("/estimate", new StringContent(json, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

    private static Task<HttpResponseMessage> PostAsync(GatewayServer server, (string Name, string Value)[] fields, byte[]? audio = null)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
        {
            form.Add(new StringContent(value), name);
        }

        if (audio is not null)
        {
            form.Add(new ByteArrayContent(audio) { Headers = { ContentType = new MediaTypeHeaderValue("audio/wav") } }, "audio_file", "speech.wav");
        }

        return server.Client.PostAsync("/estimate", form, TestContext.Current.CancellationToken);
    }
}
