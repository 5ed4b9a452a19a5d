using System.Net;
using System.Reflection;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Problems;
using Microsoft.AspNetCore.Http;
using Orleans.Runtime;

namespace MakeVideo.UnitTests.Gateway;

public sealed class ProblemTests
{
    public static TheoryData<string> Codes =>
        [.. new[] { typeof(FailureCodes), typeof(HttpCodes) }.SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static | BindingFlags.NonPublic)).Select(code => (string)code.GetRawConstantValue()!)];

    [Theory]
    [InlineData("audio_", 422)]
    [InlineData("clip_", 422)]
    [InlineData("library_", 422)]
    [InlineData("render_", 500)]
    public void Families_of_codes_share_a_status(string prefix, int status) =>
        Assert.All(
            Codes.Select(row => row.Data).Where(code => code.StartsWith(prefix, StringComparison.Ordinal) && code != FailureCodes.AudioTooLarge),
            code => Assert.Equal(status, Problem.StatusOf(code)));

    [Theory]
    [InlineData(FailureCodes.JobNotFound, 404)]
    [InlineData(FailureCodes.JobNotCompleted, 409)]
    [InlineData(FailureCodes.JobConflict, 409)]
    [InlineData(FailureCodes.AudioTooLarge, 413)]
    [InlineData(FailureCodes.LanguageUnsupported, 422)]
    [InlineData(FailureCodes.NoClipMatches, 422)]
    [InlineData(FailureCodes.StoreUnavailable, 503)]
    [InlineData(FailureCodes.ModelMissing, 503)]
    [InlineData(FailureCodes.DiskFull, 507)]
    [InlineData(FailureCodes.Internal, 500)]
    [InlineData(FailureCodes.OutputInvalid, 500)]
    public void A_code_has_its_status(string code, int status) => Assert.Equal(status, Problem.StatusOf(code));

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Every_code_makes_a_whole_problem(string code)
    {
        var context = new DefaultHttpContext();
        context.Response.Body = new MemoryStream();

        await new Problem(new(code, null, "What, where, what to do.")).ExecuteAsync(context);

        Assert.InRange(context.Response.StatusCode, 400, 599);
        Assert.Equal(context.Response.StatusCode is 429 or 503 or 507, context.Response.Headers.RetryAfter.Count == 1);
    }

    [Theory]
    [InlineData(typeof(StackExchange.Redis.RedisConnectionException))]
    [InlineData(typeof(StackExchange.Redis.RedisTimeoutException))]
    [InlineData(typeof(Orleans.Reminders.Redis.RedisRemindersException))]
    public void A_store_that_is_away_is_an_outage_wherever_its_exception_comes_from(Type type)
    {
        var failure = (Exception)System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(type);

        Assert.Equal(FailureCodes.StoreUnavailable, ProblemMiddleware.Of(failure).Code);
        Assert.Equal(FailureCodes.StoreUnavailable, ProblemMiddleware.Of(new InvalidOperationException("outer", failure)).Code);
    }

    [Fact]
    public async Task A_cluster_that_does_not_answer_is_503_with_a_time_to_come_back()
    {
        foreach (var outage in new Exception[] { new TimeoutException("30 s"), new SiloUnavailableException("gone"), new OrleansException("rejected"), new ArgumentException("Could not find an implementation for interface job-grain") })
        {
            await using var server = await GatewayServer.StartAsync();
            server.Cluster.Outage = outage;

            var response = await server.GetAsync($"/jobs/{Samples.Id}");

            await ProblemAssert.IsAsync(response, HttpStatusCode.ServiceUnavailable, FailureCodes.StoreUnavailable);
            Assert.NotNull(response.Headers.RetryAfter);
        }
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task A_bug_shows_no_trace_of_itself(string environment)
    {
        await using var server = await GatewayServer.StartAsync(environment: environment);
        server.Cluster.Outage = new InvalidOperationException("the secret of line 7");

        var response = await server.GetAsync($"/jobs/{Samples.Id}");

        var body = await ProblemAssert.IsAsync(response, HttpStatusCode.InternalServerError, FailureCodes.Internal);
        Assert.DoesNotContain("secret", body.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_addresses_and_methods_are_problems_too()
    {
        await using var server = await GatewayServer.StartAsync();

        await ProblemAssert.IsAsync(await server.GetAsync("/nowhere"), HttpStatusCode.NotFound, HttpCodes.NotFound);
        var wrong = await server.GetAsync("/make-video");
        await ProblemAssert.IsAsync(wrong, HttpStatusCode.MethodNotAllowed, HttpCodes.MethodNotAllowed);
        Assert.Contains("POST", wrong.Content.Headers.Allow);
    }
}
