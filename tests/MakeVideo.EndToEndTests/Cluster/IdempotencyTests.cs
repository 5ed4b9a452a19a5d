using System.Net;
using System.Text.Json.Nodes;

namespace MakeVideo.EndToEndTests.Cluster;

/// <summary>One submission, sent many times.</summary>
[Collection(ClusterCollection.Name)]
public sealed class IdempotencyTests(SharedCluster shared)
{
    private const int AtOnce = 100;

    [Fact]
    public async Task A_hundred_posts_at_once_with_one_key_are_one_job_and_another_body_is_refused()
    {
        var cluster = await shared.WholeAsync();
        var before = await CountAsync(cluster);
        var audio = await File.ReadAllBytesAsync(cluster.Place.Speech, TestContext.Current.CancellationToken);
        var key = Guid.NewGuid().ToString();
        using var http = new HttpClient { BaseAddress = new Uri(cluster.Gateway.Http.Address), Timeout = TimeSpan.FromMinutes(3) };

        var answers = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => PostAsync(http, audio, "city", key)));

        Assert.All(answers, answer => Assert.True(answer.Status is HttpStatusCode.Accepted, $"{answer.Body}\n{cluster.Log}"));
        var id = Assert.Single(answers.Select(answer => (string?)answer.Body["job_id"]).Distinct());
        Assert.Equal(before + 1, await CountAsync(cluster));
        var (status, body) = await PostAsync(http, audio, "harbour", key);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "idempotency_key_reused"), (status, (string?)body["code"]));
        await cluster.IsDoneOnceAsync(id!);
        Assert.Equal(id, (string?)(await PostAsync(http, audio, "city", key)).Body["job_id"]);
    }

    private static async Task<int> CountAsync(ProcessCluster cluster) => (await cluster.Gateway.Http.RunAsync("/jobs?limit=500")).Json!.AsArray().Count;

    private static async Task<(HttpStatusCode Status, JsonNode Body)> PostAsync(HttpClient http, byte[] audio, string query, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/make-video")
        {
            Content = new MultipartFormDataContent { { new ByteArrayContent(audio), "audio_file", "speech.wav" }, { new StringContent(query), "query" }, { new StringContent("preview"), "quality" } },
        };
        request.Headers.Add("Idempotency-Key", key);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!);
    }
}
