using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Problems;

namespace MakeVideo.UnitTests.Gateway;

public sealed class UploadTests
{
    private const int Limit = 300_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_upload_is_on_disk_as_sent_when_the_job_is_submitted_whatever_the_order_of_its_parts(bool queryFirst)
    {
        await using var server = await StartAsync();
        var (audio, script) = (Samples.Wav(200_001), "1\n00:00:00,000 --> 00:00:01,000\nOlá\n"u8.ToArray());
        JobRequest? seen = null;
        server.Cluster.Admit = request =>
        {
            seen = request;
            Assert.Equal(audio, File.ReadAllBytes(server.Data.Audio(request.JobId)));
            Assert.Equal(script, File.ReadAllBytes(server.Data.Script(request.JobId)));
            return Task.FromResult<Outcome<JobView>>(Samples.Queued(request));
        };
        (HttpContent, string)[] parts = [(new ByteArrayContent(audio), "audio_file"), (new ByteArrayContent(script), "script"), (new StringContent("ocean"), "query")];

        var response = await server.PostAsync(Form(queryFirst ? [.. parts.Reverse()] : parts));

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal(["job_id", "status", "message"], body.AsObject().Select(property => property.Key));
        Assert.Equal((seen!.JobId, "queued"), ((string?)body["job_id"], (string?)body["status"]));
        Assert.Equal($"/jobs/{seen.JobId}", response.Headers.Location?.ToString());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(audio)), seen.AudioSha256);
        Assert.Equal((true, Convert.ToHexStringLower(SHA256.HashData(script))), (seen.HasScript, seen.ScriptSha256));
        Assert.Equal(["audio", "script"], Directory.GetFiles(server.Data.Upload(seen.JobId)).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData(Limit - 1, true)]
    [InlineData(Limit, true)]
    [InlineData(Limit + 1, false)]
    public async Task The_limit_is_exact_to_the_byte(int bytes, bool fits)
    {
        await using var server = await StartAsync();

        var response = await server.PostAsync(Form((new ByteArrayContent(Samples.Wav(bytes)), "audio_file"), (new StringContent("ocean"), "query")));

        if (fits)
        {
            Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
            return;
        }

        await IsRefusedAsync(server, response, HttpStatusCode.RequestEntityTooLarge, FailureCodes.AudioTooLarge);
    }

    [Fact]
    public async Task An_endless_upload_is_refused_while_it_streams()
    {
        await using var server = await StartAsync();
        await using var stream = await server.ConnectAsync();
        await stream.WriteAsync(Ascii("POST /make-video HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\n\r\n"), Cancellation);
        await WriteChunkAsync(stream, Ascii("--b\r\nContent-Disposition: form-data; name=\"audio_file\"; filename=\"a.wav\"\r\n\r\n"));

        // The body never ends: an answer can only come from a server that counts as it reads.
        using var reader = new StreamReader(stream);
        var answer = reader.ReadLineAsync(Cancellation).AsTask();
        var chunk = Samples.Wav(100_000);
        for (var sent = 0; sent <= Limit && !answer.IsCompleted; sent += chunk.Length)
        {
            await WriteChunkAsync(stream, chunk);
        }

        Assert.Equal("HTTP/1.1 413 Payload Too Large", await answer.WaitAsync(TimeSpan.FromSeconds(20), Cancellation));
        Assert.Empty(server.Uploads);
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_nothing()
    {
        await using var server = await StartAsync();
        await using (var stream = await server.ConnectAsync())
        {
            await stream.WriteAsync(Ascii("POST /make-video HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 250000\r\n\r\n"), Cancellation);
            await stream.WriteAsync(Ascii("--b\r\nContent-Disposition: form-data; name=\"audio_file\"; filename=\"a.wav\"\r\n\r\n"), Cancellation);
            await stream.WriteAsync(Samples.Wav(200_000), Cancellation);
            await UntilAsync(() => server.Uploads.Count == 1);
        }

        await UntilAsync(() => server.Uploads.Count == 0);
        Assert.Empty(server.Cluster.Jobs);
    }

    [Fact]
    public async Task An_upload_that_dribbles_is_dropped()
    {
        await using var server = await GatewayServer.StartAsync(kestrel: kestrel => kestrel.Limits.MinRequestBodyDataRate = new(1_000_000, TimeSpan.FromSeconds(1.1)));
        await using var stream = await server.ConnectAsync();
        await stream.WriteAsync(Ascii("POST /make-video HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 250000\r\n\r\n--b\r\n"), Cancellation);

        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(20), Cancellation);

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Contains(HttpCodes.TooSlow, answer, StringComparison.Ordinal);
        Assert.Empty(server.Uploads);
    }

    [Theory]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"query\"\r\n\r\nocean", 400, "bad_request")]
    [InlineData("no boundary at all", 400, "bad_request")]
    [InlineData("--b\r\nX: y\r\n\r\nocean\r\n--b--\r\n", 422, "invalid_request")]
    [InlineData("--b\r\nContent-Disposition: form-data\r\n\r\nocean\r\n--b--\r\n", 422, "invalid_request")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"query\"\r\n\r\n\xFF\xFE\r\n--b--\r\n", 422, "invalid_request")]
    [InlineData("--b--\r\n", 422, "audio_missing")]
    public async Task A_malformed_form_is_refused(string body, int status, string code)
    {
        await using var server = await StartAsync();
        var bytes = Encoding.Latin1.GetBytes(body);

        var answer = await server.SayAsync(Ascii($"POST /make-video HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: {bytes.Length}\r\n\r\n"), bytes);

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Contains($"\"code\":\"{code}\"", answer, StringComparison.Ordinal);
        Assert.Empty(server.Uploads);
    }

    [Fact]
    public async Task Headers_of_a_part_are_bounded()
    {
        await using var server = await StartAsync();
        var body = $"--b\r\nX: {new string('x', 100_000)}\r\n\r\nocean\r\n--b--\r\n";

        var answer = await server.SayAsync(Ascii($"POST /make-video HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: {body.Length}\r\n\r\n{body}"));

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Content_decides_and_not_the_name()
    {
        await using var server = await StartAsync();

        await IsRefusedAsync(server, await PostAudioAsync(server, Samples.Png), HttpStatusCode.UnprocessableEntity, FailureCodes.AudioUnreadable);
        await IsRefusedAsync(server, await PostAudioAsync(server, []), HttpStatusCode.UnprocessableEntity, FailureCodes.AudioEmpty);
    }

    [Fact]
    public async Task A_form_that_says_too_much_is_refused()
    {
        await using var server = await StartAsync();
        (HttpContent, string) audio = (new ByteArrayContent(Samples.Wav(100)), "audio_file");

        await IsRefusedAsync(server, await server.PostAsync(Form(audio, Field("query", "ocean"), Field("query", "desert"))), HttpStatusCode.UnprocessableEntity, FailureCodes.InvalidRequest);
        await IsRefusedAsync(server, await server.PostAsync(Form(audio, (new ByteArrayContent(Samples.Wav(100)), "audio_file"))), HttpStatusCode.UnprocessableEntity, FailureCodes.InvalidRequest);
        await IsRefusedAsync(server, await server.PostAsync(Form(audio, Field("source", new string('x', 4097)))), HttpStatusCode.UnprocessableEntity, FailureCodes.InvalidRequest);
        await IsRefusedAsync(
            server, await server.PostAsync(Form([audio, .. Enumerable.Range(0, 32).Select(i => Field($"field{i}", "x"))])), HttpStatusCode.BadRequest, HttpCodes.UnknownField);
        await IsRefusedAsync(server, await server.PostAsync(Form(audio, Field("query", "ocean"), Field("script", new string('x', (1 << 20) + 1)))), HttpStatusCode.RequestEntityTooLarge, HttpCodes.BodyTooLarge);
        await IsRefusedAsync(server, await server.PostAsync(Form(audio, Field("query", "ocean"), Field("script", ""))), HttpStatusCode.UnprocessableEntity, FailureCodes.ScriptInvalid);
        await IsRefusedAsync(server, await server.PostAsync(Form(audio)), HttpStatusCode.UnprocessableEntity, FailureCodes.QueryInvalid);
        await IsRefusedAsync(server, await server.PostAsync(Form(Field("query", "ocean"))), HttpStatusCode.UnprocessableEntity, FailureCodes.AudioMissing);
        await IsRefusedAsync(server, await server.PostAsync(new StringContent("{}", Encoding.UTF8, "application/json")), HttpStatusCode.UnsupportedMediaType, HttpCodes.UnsupportedMediaType);
        Assert.Empty(server.Cluster.Jobs);
    }

    [Theory]
    [InlineData("../../../etc/cron.d/evil.mp3", "evil.mp3")]
    [InlineData("C:\\Users\\me\\talk.mp3", "talk.mp3")]
    [InlineData("a\u202E3pm.exe", "a3pm.exe")]
    [InlineData("", "")]
    public async Task A_file_name_is_for_people_and_never_a_path(string sent, string shown)
    {
        await using var server = await StartAsync();
        var body = $"--b\r\nContent-Disposition: form-data; name=\"query\"\r\n\r\nocean\r\n--b\r\nContent-Disposition: form-data; name=\"audio_file\"; filename=\"{sent.Replace("\\", "\\\\", StringComparison.Ordinal)}\"\r\n\r\nfLaC0000\r\n--b--\r\n";
        var bytes = Encoding.UTF8.GetBytes(body);

        var answer = await server.SayAsync(Ascii($"POST /make-video HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: {bytes.Length}\r\n\r\n"), bytes);

        Assert.StartsWith("HTTP/1.1 202 ", answer, StringComparison.Ordinal);
        var job = Assert.Single(server.Cluster.Jobs.Values);
        Assert.Equal(shown, job.Request.AudioName);
        Assert.Equal([server.Data.Audio(job.Request.JobId)], Directory.GetFiles(server.Data.Root, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_refused_job_takes_its_upload_with_it()
    {
        await using var server = await StartAsync();
        server.Cluster.Admit = _ => Task.FromResult<Outcome<JobView>>(new JobFailure(FailureCodes.AudioTooShort, null, "The audio has 2 s. Send 5 s at least."));

        await IsRefusedAsync(server, await PostAudioAsync(server, Samples.Wav(100)), HttpStatusCode.UnprocessableEntity, FailureCodes.AudioTooShort);
    }

    [Fact]
    public async Task A_submission_of_unknown_outcome_is_taken_back()
    {
        await using var server = await StartAsync();
        server.Cluster.Admit = request =>
        {
            server.Cluster.Jobs[request.JobId] = Samples.Queued(request);
            throw new TimeoutException("The answer was lost.");
        };

        await IsRefusedAsync(server, await PostAudioAsync(server, Samples.Wav(100)), HttpStatusCode.ServiceUnavailable, FailureCodes.StoreUnavailable);
        Assert.Empty(server.Cluster.Jobs);
    }

    [Fact]
    public async Task While_a_job_may_exist_its_upload_stays()
    {
        await using var server = await StartAsync();
        server.Cluster.Admit = _ => throw (server.Cluster.Outage = new TimeoutException("Nobody answers."));

        await ProblemAssert.IsAsync(await PostAudioAsync(server, Samples.Wav(100)), HttpStatusCode.ServiceUnavailable, FailureCodes.StoreUnavailable);

        Assert.Equal(server.Data.Upload(Assert.Single(server.Cluster.Deleted)), Assert.Single(server.Uploads));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Task<GatewayServer> StartAsync() => GatewayServer.StartAsync(options => options.MaxAudioBytes = Limit);

    private static Task<HttpResponseMessage> PostAudioAsync(GatewayServer server, byte[] audio) =>
        server.PostAsync(Form((new ByteArrayContent(audio), "audio_file"), (new StringContent("ocean"), "query")));

    private static (HttpContent Content, string Name) Field(string name, string value) => (new StringContent(value), name);

    private static MultipartFormDataContent Form(params (HttpContent Content, string Name)[] parts)
    {
        var form = new MultipartFormDataContent();
        foreach (var (content, name) in parts)
        {
            if (content is ByteArrayContent and not StringContent)
            {
                form.Add(content, name, "song.mp3");
            }
            else
            {
                form.Add(content, name);
            }
        }

        return form;
    }

    private static async Task IsRefusedAsync(GatewayServer server, HttpResponseMessage response, HttpStatusCode status, string code)
    {
        await ProblemAssert.IsAsync(response, status, code);
        Assert.Empty(server.Uploads);
    }

    private static async Task WriteChunkAsync(Stream stream, byte[] bytes)
    {
        try
        {
            await stream.WriteAsync(Ascii($"{bytes.Length:x}\r\n"), Cancellation);
            await stream.WriteAsync(bytes, Cancellation);
            await stream.WriteAsync(Ascii("\r\n"), Cancellation);
        }
        catch (IOException)
        {
            // The server has heard enough; what it said is still to be read.
        }
    }

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            await Task.Delay(10, deadline.Token);
        }
    }
}
