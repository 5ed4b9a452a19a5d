using System.Net;
using System.Text.Json.Nodes;
using MakeVideo.Contracts;

namespace MakeVideo.UnitTests.Gateway;

public sealed class IdempotencyKeyTests
{
    [Fact]
    public async Task The_same_request_under_one_key_is_one_job_and_one_upload()
    {
        await using var server = await GatewayServer.StartAsync();

        var first = await IdAsync(await PostAsync(server, "ocean", "key-1"));
        var again = await IdAsync(await PostAsync(server, "ocean", "key-1"));
        var other = await IdAsync(await PostAsync(server, "ocean", "key-2"));

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.Equal(new[] { first, other }.Order(), server.Cluster.Jobs.Keys.Order());
        Assert.Equal(2, server.Uploads.Count);
    }

    [Fact]
    public async Task Another_request_under_a_used_key_is_refused_and_leaves_nothing()
    {
        await using var server = await GatewayServer.StartAsync();
        await PostAsync(server, "ocean", "key-1");

        await ProblemAssert.IsAsync(await PostAsync(server, "desert", "key-1"), HttpStatusCode.UnprocessableEntity, FailureCodes.IdempotencyKeyReused);

        Assert.Single(server.Uploads);
    }

    [Fact]
    public async Task An_upload_whose_outcome_is_unknown_stays_for_the_next_try_with_its_key()
    {
        await using var server = await GatewayServer.StartAsync();
        server.Cluster.Admit = _ => throw new TimeoutException();

        var lost = await PostAsync(server, "ocean", "key-1");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, lost.StatusCode);
        Assert.Single(server.Uploads);
    }

    [Theory]
    [InlineData("two words")]
    [InlineData(256)]
    public async Task A_key_that_is_none_is_refused(object key)
    {
        await using var server = await GatewayServer.StartAsync();

        var response = await PostAsync(server, "ocean", key as string ?? new string('k', (int)key));

        await ProblemAssert.IsAsync(response, HttpStatusCode.UnprocessableEntity, FailureCodes.InvalidRequest);
        Assert.Empty(server.Uploads);
    }

    private static async Task<HttpResponseMessage> PostAsync(GatewayServer server, string query, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/make-video")
        {
            Content = new MultipartFormDataContent { { new ByteArrayContent(Samples.Wav(5000)), "audio_file", "song.wav" }, { new StringContent(query), "query" } },
        };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static async Task<string> IdAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode is HttpStatusCode.Accepted, text);
        return (string)JsonNode.Parse(text)!["job_id"]!;
    }
}
