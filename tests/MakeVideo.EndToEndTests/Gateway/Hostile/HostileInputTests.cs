using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace MakeVideo.EndToEndTests.Gateway.Hostile;

/// <summary>What nobody sends by mistake, against the built executable.</summary>
public sealed class HostileInputTests(HostileServer hostile) : IClassFixture<HostileServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public async Task The_limit_of_an_upload_is_exact_though_its_length_is_not_told(int more, bool refused)
    {
        using var answer = await PostChunkedAsync(HostileServer.MostAudio + more);

        var told = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!;
        Assert.Equal(refused, answer.StatusCode is HttpStatusCode.RequestEntityTooLarge);
        Assert.Equal(refused ? "audio_too_large" : "audio_unreadable", (string?)told["code"]);
    }

    [Fact]
    public async Task Five_gigabytes_are_refused_while_they_stream_in_flat_memory()
    {
        using (await PostChunkedAsync(HostileServer.MostAudio + 1))
        {
        }

        var before = hostile.Memory();
        var started = Stopwatch.GetTimestamp();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => TryAsync()));

        // Who goes on sending for seconds after the answer is hung up on, and may not have looked at it.
        Assert.All(answers, status => Assert.True(status is null or HttpStatusCode.RequestEntityTooLarge, $"{status}"));
        Assert.Equal((413, "audio_too_large"), await AskWithCurlAsync());

        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(60));
        Assert.InRange(hostile.Memory() - before, long.MinValue, 48L << 20);
        Assert.Equal(HttpStatusCode.OK, (await hostile.Http.GetAsync(new Uri("/health", UriKind.Relative), Cancellation)).StatusCode);

        async Task<HttpStatusCode?> TryAsync()
        {
            try
            {
                using var answer = await PostChunkedAsync(5L << 30);
                return answer.StatusCode;
            }
            catch (HttpRequestException)
            {
                return null;
            }
        }

        async Task<(int, string?)> AskWithCurlAsync()
        {
            var huge = hostile.Place.In("huge.wav");
            await File.WriteAllBytesAsync(huge, "RIFF\0\0\0\0WAVE"u8.ToArray(), Cancellation);
            await using (var file = new FileStream(huge, FileMode.Open))
            {
                file.SetLength(5L << 30);
            }

            var answer = await hostile.Server.CurlAsync("/make-video", "-H", "Transfer-Encoding: chunked", "-F", $"audio_file=@{huge}", "-F", "query=city");
            return (answer.Status, answer.Code);
        }
    }

    [Fact]
    public async Task Headers_that_dribble_are_dropped()
    {
        var started = Stopwatch.GetTimestamp();

        var answer = await hostile.SayAsync(Encoding.ASCII.GetBytes("GET /jobs HTTP/1.1\r\nHost: localhost\r\nX-Slow: "), seconds: 30);

        Assert.True(answer is "" || answer.StartsWith("HTTP/1.1 408", StringComparison.Ordinal), answer);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 10, 25);
    }

    [Theory]
    [InlineData("../../../../etc/passwd")]
    [InlineData("..\\..\\windows\\system.ini")]
    [InlineData("/etc/cron.d/x")]
    [InlineData("a%00b.wav")]
    [InlineData("\u202Egpm.exe.wav")]
    [InlineData("a\rSet-Cookie: owned=1")]
    [InlineData("<script>alert(1)</script>.wav")]
    public async Task A_name_of_a_file_is_nothing_but_a_name(string name)
    {
        var id = await SubmitAsync("city", name);

        var job = JsonNode.Parse(await hostile.Http.GetStringAsync(new Uri($"/jobs/{id}", UriKind.Relative), Cancellation))!;
        var shown = (string)job["audio_name"]!;
        Assert.DoesNotContain(shown, letter => char.IsControl(letter) || letter is '/' or '\\' or '\u202E');
        Assert.Equal(["audio", "script"], Directory.GetFiles(Path.Combine(hostile.Data, "uploads", id)).Select(path => Path.GetFileName(path)).Order());
        await hostile.Server.UntilAsync(id, "completed");
        using var video = await hostile.Http.GetAsync(new Uri($"/download/{id}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal($"{id}.mp4", video.Content.Headers.ContentDisposition?.FileName);
        Assert.False(video.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Multipart_that_abuses_its_form_is_refused()
    {
        const string Head = "Content-Disposition: form-data; name=";
        string[] bodies =
        [
            "", "--B", "--B--", "--B\r\n", "--B\r\n\r\n", $"--B\r\n{Head}\"query\"\r\n\r\ncity", $"--B\r\n{Head}\r\n\r\nx\r\n--B--", $"--B\r\n{Head}\"query\0\"\r\n\r\nx\r\n--B--",
            $"--B\r\n{Head}\"query\"\r\nContent-Type: multipart/mixed; boundary=C\r\n\r\n--C\r\n\r\nx\r\n--C--\r\n--B--", $"--B\r\n{Head}\"../../x\"\r\n\r\nx\r\n--B--",
            $"--B\r\n{new string('a', 9000)}: x\r\n\r\nx\r\n--B--", string.Concat(Enumerable.Range(0, 40).Select(i => $"--B\r\n{Head}\"query{i}\"\r\n\r\nx\r\n")) + "--B--",
            $"--B\r\n{Head}\"query\"\r\n\r\n{new string('q', 100_000)}\r\n--B--", string.Concat(Enumerable.Repeat("--B\r\n", 5000)),
        ];
        foreach (var (body, boundary) in bodies.Select(body => (body, "B")).Append((bodies[5], "")).Append((bodies[5], new string('B', 71))))
        {
            using var content = new ByteArrayContent(Encoding.Latin1.GetBytes(body));
            content.Headers.TryAddWithoutValidation("Content-Type", $"multipart/form-data; boundary={boundary}");
            using var answer = await hostile.Http.PostAsync(new Uri("/make-video", UriKind.Relative), content, Cancellation);

            Assert.True((int)answer.StatusCode is 400 or 413 or 415 or 422, $"{(int)answer.StatusCode} for {body[..Math.Min(80, body.Length)]}");
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        }
    }

    [Fact]
    public async Task Traversal_on_every_address_that_takes_an_id_finds_nothing()
    {
        string[] ids =
        [
            "..", "%2e%2e", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "..%5c..%5cwindows", "%2fetc%2fpasswd", "a%00b", "%c0%ae%c0%ae%2f", "..;", "store", "keys.json", "%F0%9F%98%80",
            new string('a', 3000), "0123456789ABCDEFabcde%2f", "*", "%25", "$%7Bjndi:ldap:%7D", "'%20OR%201=1",
        ];
        foreach (var (method, path) in (await hostile.CallsAsync()).Where(call => call.Path.Contains('{', StringComparison.Ordinal)))
        {
            foreach (var id in ids)
            {
                // As they are: a client library would tidy the dots away.
                var address = path.Replace("{source}", "library", StringComparison.Ordinal).Replace("{id}", id, StringComparison.Ordinal).Replace("{code}", id, StringComparison.Ordinal);
                var answer = await hostile.SayAsync(Encoding.ASCII.GetBytes($"{method} {address} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"));

                Assert.True(answer.StartsWith("HTTP/1.1 404", StringComparison.Ordinal) || answer.StartsWith("HTTP/1.1 400", StringComparison.Ordinal) || answer.StartsWith("HTTP/1.1 405", StringComparison.Ordinal) || (id is ".." or "%2e%2e" && answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal)), $"{method} {address}: {answer[..Math.Min(300, answer.Length)]}");
                Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Script_filters_and_markup_in_what_users_say_are_text_and_nothing_else()
    {
        const string Words = @"The quick {\fs300\p1}m 0 0 l 9 9 brown fox';[0:v]drawtext=textfile=/etc/passwd[v];movie=x,'<script>alert(1)</script> $(touch owned) %{pts} \N over";
        var script = hostile.Place.In("evil.txt");
        await File.WriteAllTextAsync(script, Words, Cancellation);

        var id = await SubmitAsync("city <script>alert('x')</script> ';drop", "speech.wav", script);
        var job = await hostile.Server.UntilAsync(id, "completed", "failed");

        Assert.Equal("completed", (string?)job["status"]);
        Assert.Equal((double)job["audio_duration"]! + 1, (double)job["result"]!["duration"]!, 1 / 30.0);
        using var told = await hostile.Http.GetAsync(new Uri($"/jobs/{id}", UriKind.Relative), Cancellation);
        Assert.Equal(("application/json", "nosniff"), (told.Content.Headers.ContentType?.MediaType, told.Headers.GetValues("X-Content-Type-Options").Single()));
        using var subtitles = await hostile.Http.GetAsync(new Uri($"/jobs/{id}/subtitles", UriKind.Relative), Cancellation);
        Assert.NotEqual("text/html", subtitles.Content.Headers.ContentType?.MediaType);
        Assert.False(File.Exists(hostile.Place.In("owned")));
    }

    [Fact]
    public async Task Nobody_writes_lines_of_their_own_into_the_log()
    {
        foreach (var line in new[]
        {
            "GET /jobs/x%0d%0aFORGED HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "GET /jobs?text=%0d%0aFORGED HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            "GET /\u0085FORGED HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "FORGED\n\nFORGED\r\n\r\n", "GET /jobs HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: mv_\u001b[31mFORGED\r\nConnection: close\r\n\r\n",
            "POST /batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 12\r\nConnection: close\r\n\r\n[\"\\nFORGED\"]",
        })
        {
            await hostile.SayAsync(Encoding.Latin1.GetBytes(line));
        }

        await SubmitAsync("city", "a\nFORGED.wav");
        Assert.DoesNotContain(hostile.Server.Log.Split('\n'), line => line.TrimStart().StartsWith("FORGED", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_request_for_a_thousand_ranges_costs_no_more_than_the_video()
    {
        var id = await SubmitAsync("city", "speech.wav");
        var job = await hostile.Server.UntilAsync(id, "completed");
        var request = new HttpRequestMessage(HttpMethod.Get, $"/download/{id}");
        request.Headers.TryAddWithoutValidation("Range", "bytes=" + string.Join(',', Enumerable.Range(0, 1000).Select(i => $"{i}-")));

        using var answer = await hostile.Http.SendAsync(request, Cancellation);

        Assert.True((int)answer.StatusCode is 200 or 206 or 416, $"{answer.StatusCode}");
        Assert.InRange((await answer.Content.ReadAsByteArrayAsync(Cancellation)).Length, 0, (long)job["result"]!["file_size"]!);
    }

    /// <summary>Audio of the fixture's sentence, small enough for this server.</summary>
    private async Task<string> SubmitAsync(string query, string name, string? script = null)
    {
        var speech = hostile.Place.In("small.ogg");
        if (!File.Exists(speech))
        {
            Media.MediaFixture.Ffmpeg("-i", hostile.Place.Speech, "-c:a", "libvorbis", "-b:a", "64k", "-f", "ogg", speech);
        }

        using var body = new MemoryStream();
        await body.WriteAsync(Encoding.UTF8.GetBytes($"--B\r\nContent-Disposition: form-data; name=\"query\"\r\n\r\n{query}\r\n--B\r\nContent-Disposition: form-data; name=\"quality\"\r\n\r\npreview\r\n"), Cancellation);
        await body.WriteAsync(Encoding.UTF8.GetBytes($"--B\r\nContent-Disposition: form-data; name=\"script\"; filename=\"words.txt\"\r\n\r\n{(script is null ? hostile.Place.Words : await File.ReadAllTextAsync(script, Cancellation))}\r\n"), Cancellation);
        await body.WriteAsync(Encoding.UTF8.GetBytes($"--B\r\nContent-Disposition: form-data; name=\"audio_file\"; filename=\"{name}\"\r\n\r\n"), Cancellation);
        await body.WriteAsync(await File.ReadAllBytesAsync(speech, Cancellation), Cancellation);
        await body.WriteAsync("\r\n--B--"u8.ToArray(), Cancellation);
        using var content = new ByteArrayContent(body.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=B");
        using var answer = await hostile.Http.PostAsync(new Uri("/make-video", UriKind.Relative), content, Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.StatusCode is HttpStatusCode.Accepted, text);
        return (string)JsonNode.Parse(text)!["job_id"]!;
    }

    /// <summary>Something that begins like a WAV, of so many bytes, without a length before it.</summary>
    private async Task<HttpResponseMessage> PostChunkedAsync(long bytes)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/make-video") { Content = new Endless(bytes) };
        request.Headers.TransferEncodingChunked = true;
        request.Headers.ExpectContinue = false;
        return await hostile.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }

    private sealed class Endless : HttpContent
    {
        private readonly long _bytes;

        public Endless(long bytes)
        {
            _bytes = bytes;
            Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=B");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("--B\r\nContent-Disposition: form-data; name=\"query\"\r\n\r\ncity\r\n--B\r\nContent-Disposition: form-data; name=\"audio_file\"; filename=\"a.wav\"\r\n\r\nRIFF\0\0\0\0WAVE"u8.ToArray());
            var chunk = new byte[64 * 1024];
            for (var left = _bytes - 12; left > 0;)
            {
                var some = (int)Math.Min(chunk.Length, left);
                await stream.WriteAsync(chunk.AsMemory(0, some));
                left -= some;
            }

            await stream.WriteAsync("\r\n--B--"u8.ToArray());
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
