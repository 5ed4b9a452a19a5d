using System.Diagnostics;
using System.Net;
using MakeVideo.Contracts;
using MakeVideo.FakeUpstreams.Faults;
using MakeVideo.Sources.Http;

namespace MakeVideo.UnitTests.Sources.Http;

/// <summary>JSON calls against a server that really misbehaves.</summary>
public sealed class UpstreamClientTests : IAsyncLifetime
{
    private const string Service = "pexels";

    private FakeWorld world = null!;

    public async ValueTask InitializeAsync() => world = await FakeWorld.StartAsync();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Theory]
    [InlineData(FaultKinds.Status)]
    [InlineData(FaultKinds.Reset)]
    [InlineData(FaultKinds.Silent)]
    [InlineData(FaultKinds.Truncated)]
    [InlineData(FaultKinds.Stall)]
    public async Task What_passes_is_tried_again_and_succeeds(string kind)
    {
        world.Fault(kind, times: 2);

        var reply = await SendAsync();

        Assert.False(reply.Failed, reply.Failure?.Message);
        Assert.Equal(3, world.Fakes.Calls.Count(Service));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_burst_of_5xx_ends_as_unavailable_with_when_to_come_back(int status)
    {
        world.Fault(FaultKinds.Status, times: null, with: rule => rule with { Status = status });

        var failure = (await SendAsync()).Failure!;

        Assert.Equal((FailureCodes.UpstreamUnavailable, true), (failure.Code, failure.Retryable));
        Assert.InRange(failure.RetryAt!.Value, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.Equal(4, world.Fakes.Calls.Count(Service));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(501)]
    public async Task What_does_not_pass_is_asked_once(int status)
    {
        world.Fault(FaultKinds.Status, times: null, with: rule => rule with { Status = status });

        var failure = (await SendAsync()).Failure!;

        Assert.Equal((FailureCodes.UpstreamRefused, false), (failure.Code, failure.Retryable));
        Assert.Contains("Upstreams:Test", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, world.Fakes.Calls.Count(Service));
    }

    [Fact]
    public async Task An_accepted_404_is_an_answer()
    {
        world.Fault(FaultKinds.Status, with: rule => rule with { Status = 404 });

        var reply = await world.Client(Service).SendAsync(Request() with { Accepts = [HttpStatusCode.NotFound] }, TestContext.Current.CancellationToken);

        Assert.True(reply.Value!.Gone);
    }

    [Theory]
    [InlineData("30", 30)]
    [InlineData("date:+40", 40)]
    [InlineData("99999999999999999999", 900)]
    [InlineData("date:+86400000", 900)]
    [InlineData("-5", 5)]
    [InlineData("date:-60", 5)]
    [InlineData("soon", 5)]
    [InlineData(null, 5)]
    public async Task A_429_closes_the_gate_for_as_long_as_it_asks_within_reason(string? retryAfter, int seconds)
    {
        world.Fault(FaultKinds.Status, times: null, with: rule => rule with { Status = 429, RetryAfter = retryAfter });

        var failure = (await SendAsync()).Failure!;

        Assert.Equal((FailureCodes.UpstreamThrottled, true), (failure.Code, failure.Retryable));
        Assert.InRange((failure.RetryAt!.Value - DateTimeOffset.UtcNow).TotalSeconds, seconds - 4, seconds + 1);

        Assert.Equal(FailureCodes.UpstreamThrottled, (await SendAsync()).Failure!.Code);
        Assert.Equal(1, world.Fakes.Calls.Count(Service));
    }

    [Fact]
    public async Task A_short_pause_is_waited_for()
    {
        world.Fault(FaultKinds.Status, with: rule => rule with { Status = 429, RetryAfter = "0.2" });

        var started = Stopwatch.StartNew();
        var reply = await SendAsync();

        Assert.False(reply.Failed, reply.Failure?.Message);
        Assert.True(started.Elapsed >= TimeSpan.FromSeconds(0.19));
    }

    [Fact]
    public async Task The_breaker_spares_an_upstream_that_is_down()
    {
        var options = world.Options(Service) with { Limits = new(Failures: 5) };
        world.Fault(FaultKinds.Reset, times: null);
        for (var i = 0; i < 10; i++)
        {
            var failure = (await SendAsync(options)).Failure!;
            Assert.Equal(FailureCodes.UpstreamUnavailable, failure.Code);
        }

        Assert.Equal(5, world.Fakes.Calls.Count(Service));
        Assert.True((await SendAsync(options)).Failure!.RetryAt > DateTimeOffset.UtcNow.AddSeconds(50));
    }

    [Fact]
    public async Task Refused_and_not_found_names_pass()
    {
        var dead = world.Options(Service) with { Url = new("http://127.0.0.1:9"), Retries = 1 };
        Assert.Equal(FailureCodes.UpstreamUnavailable, (await SendAsync(dead)).Failure!.Code);

        var nameless = dead with { Url = new("http://no-such-host.invalid") };
        Assert.Equal((FailureCodes.UpstreamUnavailable, true), ((await SendAsync(nameless)).Failure!.Code, (await SendAsync(nameless)).Failure!.Retryable));
    }

    [Theory]
    [InlineData(FaultKinds.DeepJson)]
    [InlineData(FaultKinds.HugeJson)]
    [InlineData(FaultKinds.GzipBomb)]
    [InlineData(FaultKinds.Body)]
    [InlineData(FaultKinds.Endless)]
    public async Task Json_that_is_malformed_deep_or_too_much_is_no_answer(string kind)
    {
        world.Fault(kind, times: null);

        var failure = (await SendAsync(world.Options(Service) with { MaxJsonBytes = 1 << 20 })).Failure!;

        Assert.Equal(FailureCodes.UpstreamAnswerInvalid, failure.Code);
        Assert.Equal(1, world.Fakes.Calls.Count(Service));
    }

    [Fact]
    public async Task One_byte_a_second_is_too_slow()
    {
        world.Fault(FaultKinds.Drip, times: null);
        var options = world.Options(Service);
        options = options with { Retries = 0, Timeouts = options.Timeouts with { Idle = TimeSpan.FromSeconds(5) } };

        var started = Stopwatch.StartNew();
        var failure = (await SendAsync(options)).Failure!;

        Assert.Equal(FailureCodes.UpstreamUnavailable, failure.Code);
        Assert.Contains("bytes/s", failure.Message, StringComparison.Ordinal);
        Assert.True(started.Elapsed < TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task Redirects_are_followed_three_times_and_no_more()
    {
        world.Fault(FaultKinds.Redirect, times: 3);
        Assert.False((await SendAsync()).Failed);

        world.Fault(FaultKinds.Redirect, times: null);
        var failure = (await SendAsync()).Failure!;
        Assert.Equal((FailureCodes.UpstreamRefused, false), (failure.Code, failure.Retryable));
        Assert.Equal(4 + 4, world.Fakes.Calls.Count(Service));
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1/x")]
    [InlineData("http://user:secret@127.0.0.1/x")]
    [InlineData("gopher://127.0.0.1:70/")]
    public async Task A_redirect_to_what_is_no_plain_web_address_is_refused(string to)
    {
        world.Fault(FaultKinds.Redirect, times: null, with: rule => rule with { Text = to });

        var failure = (await SendAsync()).Failure!;

        Assert.Equal((FailureCodes.UpstreamRefused, false), (failure.Code, failure.Retryable));
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_not_sent_where_the_upstream_redirects_to()
    {
        await using var other = await FakeWorld.StartAsync();
        world.Fault(FaultKinds.Redirect, with: rule => rule with { Text = $"{other.Fakes.Root}/pexels/videos/search?query=x" });

        var failure = (await SendAsync()).Failure!;

        // The other one wants to see the same key, and does not.
        Assert.Equal(FailureCodes.UpstreamRefused, failure.Code);
        Assert.Contains("401", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, other.Fakes.Calls.Count(Service));
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_final_and_said()
    {
        await using var secure = await SelfSigned.StartAsync();
        var options = world.Options(Service) with { Url = secure.Url };

        var failure = (await SendAsync(options)).Failure!;

        Assert.Equal((FailureCodes.UpstreamRefused, false), (failure.Code, failure.Retryable));
        Assert.Contains("certificate", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, secure.Requests);
    }

    [Fact]
    public async Task Cancelling_ends_the_wait_and_gives_the_permit_back()
    {
        world.Fault(FaultKinds.Silent, times: null);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => world.Client(Service).SendAsync(Request(), stop.Token));
        var entry = await world.Gate.EnterAsync(Service, new(Concurrency: 1), TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Assert.Equal(UpstreamDoor.Go, entry.Door);
    }

    private Task<Outcome<UpstreamReply>> SendAsync() => SendAsync(world.Options(Service));

    private Task<Outcome<UpstreamReply>> SendAsync(UpstreamOptions options) => world.Client(options).SendAsync(Request(), TestContext.Current.CancellationToken);

    private static UpstreamRequest Request() => new(HttpMethod.Get, "videos/search?query=x", JobStage.FetchingShorts) { Headers = [("Authorization", "fake-key")] };
}
