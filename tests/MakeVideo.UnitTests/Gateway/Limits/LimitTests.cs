using System.Globalization;
using System.Net;
using System.Text;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Keys;
using MakeVideo.Gateway.Limits;
using MakeVideo.Gateway.Problems;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MakeVideo.UnitTests.Gateway.Limits;

public sealed class LimitTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_caller_that_asks_too_often_is_slowed_and_others_are_not()
    {
        await using var server = await StartAsync(limits => (limits.RequestsPerSecond, limits.RequestBurst) = (1, 3));
        var (_, ann) = await server.KeyAsync("ann", KeyScope.Read);
        var (_, bob) = await server.KeyAsync("bob", KeyScope.Read);

        // Many at once: on a busy machine a few, one after another, would be as slow as they should be.
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => server.SendAsync("GET", "/jobs", ann)));
        Assert.InRange(answers.Count(answer => answer.StatusCode is HttpStatusCode.OK), 3, 39);
        var refused = answers.First(answer => answer.StatusCode is not HttpStatusCode.OK);
        await ProblemAssert.IsAsync(refused, HttpStatusCode.TooManyRequests, HttpCodes.TooManyRequests);
        Assert.Equal(1, Seconds(refused));
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync("GET", "/jobs", bob)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("/jobs")).StatusCode);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("/health/ready")).StatusCode);
        }

        // What it was told is true, but for the slowness of a busy machine's timers.
        var asked = TimeProvider.System.GetTimestamp();
        while ((await server.SendAsync("GET", "/jobs", ann)).StatusCode is not HttpStatusCode.OK)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(asked) < TimeSpan.FromSeconds(5), "It is not let in again.");
            await Task.Delay(100, Cancellation);
        }
    }

    [Theory]
    [InlineData(9, 600, 4, 2, HttpStatusCode.Accepted, "", 0)]
    [InlineData(10, 600, 4, 2, HttpStatusCode.ServiceUnavailable, HttpCodes.QueueFull, 30)]
    [InlineData(12, 720, 0, 0, HttpStatusCode.ServiceUnavailable, HttpCodes.QueueFull, 90)]
    [InlineData(5, 7200, 4, 2, HttpStatusCode.ServiceUnavailable, HttpCodes.QueueFull, 0)]
    [InlineData(5, 7500, 0, 0, HttpStatusCode.ServiceUnavailable, HttpCodes.QueueFull, 150)]
    public async Task A_full_line_takes_no_job_and_says_when_it_will(int waiting, double seconds, int working, int owners, HttpStatusCode status, string code, double retry)
    {
        await using var server = await StartAsync(limits => (limits.QueuedJobs, limits.LongestWait) = (10, TimeSpan.FromHours(1)));
        server.Cluster.Load = new(waiting, seconds / 2, working, working * 30, owners, Most: 4);

        var answer = await server.PostAsync(Form());

        Assert.Equal(status, answer.StatusCode);
        if (status is not HttpStatusCode.Accepted)
        {
            await ProblemAssert.IsAsync(answer, status, code);
            Assert.Equal(Math.Max(1, retry), Seconds(answer), 1.0);
            Assert.Empty(server.Uploads);
        }
    }

    [Fact]
    public async Task An_owner_has_so_many_jobs_and_another_is_not_meant()
    {
        await using var server = await StartAsync(limits => limits.JobsOfOne = 2);
        var (_, ann) = await server.KeyAsync("ann", KeyScope.Submit);
        var (_, bob) = await server.KeyAsync("bob", KeyScope.Submit);
        server.Cluster.Load = new(0, 0, 2, 120, 2, Most: 4);
        foreach (var owner in new[] { "ann", "ann", "bob" })
        {
            var id = JobIds.Create();
            server.Cluster.Jobs[id] = Samples.Queued(Samples.Request(id) with { Owner = owner });
        }

        var refused = await server.SendAsync("POST", "/make-video", ann, Form());
        await ProblemAssert.IsAsync(refused, HttpStatusCode.TooManyRequests, HttpCodes.TooManyJobs);
        Assert.Equal(120, Seconds(refused));
        Assert.Equal(HttpStatusCode.Accepted, (await server.SendAsync("POST", "/make-video", bob, Form())).StatusCode);
    }

    [Fact]
    public async Task A_disk_that_is_nearly_full_takes_no_job()
    {
        await using var server = await StartAsync(limits => (limits.FreeBytes, limits.FreeShare) = (long.MaxValue, 1));

        var refused = await server.PostAsync(Form());

        await ProblemAssert.IsAsync(refused, HttpStatusCode.InsufficientStorage, FailureCodes.DiskFull);
        Assert.Equal(60, Seconds(refused));
    }

    [Fact]
    public async Task Uploads_wait_their_turn_and_are_sent_away_when_even_the_line_is_full()
    {
        await using var server = await StartAsync(limits => (limits.Uploads, limits.UploadsOfOne, limits.UploadsWaiting) = (2, 1, 1));
        var (_, ann) = await server.KeyAsync("ann", KeyScope.Submit);
        var admitted = new TaskCompletionSource();
        server.Cluster.Admit = async request =>
        {
            await admitted.Task;
            return Samples.Queued(request);
        };

        // One is under way, one waits, the third is too much; another caller is none of theirs.
        var mine = Enumerable.Range(0, 2).Select(_ => server.SendAsync("POST", "/make-video", ann, Form())).ToList();
        await GatewayServer.HoldsAsync(() => server.Uploads.Count == 1);
        HttpResponseMessage refused;
        while ((refused = await server.SendAsync("POST", "/make-video", ann, Small())).StatusCode is not HttpStatusCode.TooManyRequests)
        {
            Assert.Fail($"{refused.StatusCode}");
        }

        await ProblemAssert.IsAsync(refused, HttpStatusCode.TooManyRequests, HttpCodes.TooManyUploads);
        Assert.InRange(Seconds(refused), 1, 10);
        var other = server.PostAsync(Form());
        await GatewayServer.HoldsAsync(() => server.Uploads.Count == 2);

        admitted.SetResult();
        Assert.All([.. await Task.WhenAll(mine), await other], answer => Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    public async Task Limits_that_make_no_sense_stop_the_start(int uploads, int ofOne) =>
        await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(limits => (limits.Uploads, limits.UploadsOfOne) = (uploads, ofOne)));

    private static Task<GatewayServer> StartAsync(Action<LimitOptions> configure) => GatewayServer.StartAsync(services: services => services.Configure(configure));

    private static double Seconds(HttpResponseMessage response) => double.Parse(response.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture);

    private static MultipartFormDataContent Form() => new() { { new ByteArrayContent(Samples.Wav(5000)), "audio_file", "song.wav" }, { new StringContent("ocean"), "query" } };

    private static StringContent Small() => new("", Encoding.ASCII, "multipart/form-data");
}
