using System.Collections.Concurrent;
using System.Text;

namespace MakeVideo.EndToEndTests.Gateway.Hostile;

/// <summary>Two thousand requests that chance made, the same in every run.</summary>
public sealed class FuzzTests(HostileServer hostile) : IClassFixture<HostileServer>
{
    private const int Requests = 2000;
    private const int Seed = 20_261_124;
    private const int AtOnce = 16;

    private static readonly string[] Methods = ["GET", "POST", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS", "TRACE", "get", "FOO"];

    private static readonly string[] Names =
        ["status", "limit", "text", "since", "until", "cursor", "owner", "offset", "format", "days", "max_age_minutes", "mark_as_failed", "query", "x", "limit[]", "%00", "audio_file", "max_shorts", "seed"];

    private static readonly string[] Values =
    [
        "", "0", "-1", "500", "501", "999999999999999999999", "NaN", "1e309", "null", "true", "queued", "failed", "%00", "%0d%0aX:%20y", "..%2f..%2fetc%2fpasswd", "<script>", "{\\an8}", "%F0%9F%98%80", "%ff%fe", "'\"`;|&$(x)",
        "2026-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "0001-01-01", "MTIzOmFiYw", "srt", "[v]drawtext=x", "%25n%25s", "ready",
    ];

    private static readonly string[] Types = ["application/json", "multipart/form-data; boundary=B", "multipart/form-data", "text/plain", "application/x-www-form-urlencoded", "*/*", ";;;", "multipart/form-data; boundary=\"\r\n\"", "application/json; charset=utf-7"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_request_is_met_by_an_error_of_the_server_or_a_trace_of_its_code()
    {
        var calls = (await hostile.CallsAsync()).ToList();
        var random = new Random(Seed);
        var requests = Enumerable.Range(0, Requests).Select(_ => Make(random, calls)).ToList();
        var seen = new ConcurrentDictionary<string, int>();
        var started = TimeProvider.System.GetTimestamp();

        await Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Cancellation }, async (request, _) =>
        {
            var answer = await hostile.SayAsync(request);
            var status = answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? answer[9..12] : "none";
            seen.AddOrUpdate(status, 1, (_, count) => count + 1);

            // 505: a version of HTTP that nobody speaks, told by the server that the gateway stands on.
            Assert.True(status is "none" or "505" || status[0] < '5', $"{status}\n{Shown(answer)}\n--- for\n{Shown(Encoding.Latin1.GetString(request))}\n{hostile.Server.Log}");
            Assert.DoesNotContain("   at ", answer, StringComparison.Ordinal);
            Assert.DoesNotContain("Exception", answer, StringComparison.Ordinal);
        });

        TestContext.Current.TestOutputHelper?.WriteLine($"{TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s; {string.Join(", ", seen.OrderBy(each => each.Key).Select(each => $"{each.Key}: {each.Value}"))}");
        Assert.DoesNotContain("unexpected error", hostile.Server.Log, StringComparison.Ordinal);
        Assert.Equal(200, (await hostile.Server.CurlAsync("/health")).Status);
    }

    /// <summary>A request to one of the calls with something of everything wrong; one in twenty is no HTTP at all.</summary>
    private static byte[] Make(Random random, List<(string Method, string Path)> calls)
    {
        if (random.Next(20) == 0)
        {
            var noise = new byte[random.Next(1, 400)];
            random.NextBytes(noise);
            return [.. noise, .. "\r\n\r\n"u8];
        }

        var call = Pick(calls);
        var method = random.Next(10) == 0 ? Pick(Methods) : call.Method;
        var path = call.Path.Replace("{source}", Pick(Values), StringComparison.Ordinal).Replace("{id}", random.Next(3) == 0 ? "0123456789ABCDEFabcdef" : Pick(Values), StringComparison.Ordinal).Replace("{code}", Pick(Values), StringComparison.Ordinal);
        var query = string.Join('&', Enumerable.Range(0, random.Next(4)).Select(_ => $"{Pick(Names)}={Pick(Values)}"));
        var body = Body();
        var request = new StringBuilder($"{method} {path.Replace(' ', '+')}?{query} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        foreach (var header in new[] { "Range", "If-None-Match", "If-Range", "Idempotency-Key", "Authorization", "X-Api-Key", "Accept", "Cookie", "Expect", "X-Forwarded-For", "Last-Event-ID" }.Where(_ => random.Next(8) == 0))
        {
            request.Append(header).Append(": ").Append(Pick(Values)).Append("\r\n");
        }

        if (body.Length > 0)
        {
            request.Append("Content-Type: ").Append(Pick(Types).ReplaceLineEndings("")).Append("\r\nContent-Length: ").Append(body.Length).Append("\r\n");
        }

        return [.. Encoding.Latin1.GetBytes(request.Append("\r\n").ToString()), .. body];

        T Pick<T>(IList<T> from) => from[random.Next(from.Count)];

        byte[] Body() => random.Next(5) switch
        {
            0 => Encoding.Latin1.GetBytes($$"""[{"job_id": "{{Pick(Values)}}", "{{Pick(Names)}}": {{Pick(["1", "[]", "{}", "null", "\"x\"", "1e999", "\"\\ud800\""])}}, "query": "{{Pick(Values)}}"}]"""),
            1 => Encoding.Latin1.GetBytes(string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => $"--B\r\nContent-Disposition: form-data; name=\"{Pick(Names)}\"{Pick(["", "; filename=\"..\\x\"", "; filename*=UTF-8''%ff"])}\r\n\r\n{Pick(Values)}\r\n")) + Pick(["--B--", "--B", ""])),
            2 => Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(Pick(["[", "{\"a\":", "\"", "\\u0000"]), random.Next(1, 300)))),
            3 => Noise(random.Next(1, 2000)),
            _ => [],
        };

        byte[] Noise(int bytes)
        {
            var noise = new byte[bytes];
            random.NextBytes(noise);
            return noise;
        }
    }

    private static string Shown(string text) => text[..Math.Min(1500, text.Length)];
}
