using System.Net;
using System.Text.Json.Nodes;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Keys;
using MakeVideo.Gateway.Problems;
using Microsoft.Extensions.DependencyInjection;

namespace MakeVideo.UnitTests.Gateway.Keys;

/// <summary>A server that asks nobody trusts those on its machine, not the web sites that a browser there has open.</summary>
public sealed class CrossSiteTests
{
    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Host", "evil.example")]
    [InlineData("Host", "127.0.0.1.evil.example:8004")]
    public async Task A_request_that_another_site_sends_is_refused(string header, string value)
    {
        await using var server = await GatewayServer.StartAsync();
        server.Cluster.Jobs[Samples.Id] = Samples.Completed();

        var answer = await SendAsync(server, header, value);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal(HttpCodes.CrossSite, (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["code"]);
        Assert.True(server.Cluster.Jobs.ContainsKey(Samples.Id));
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "same-origin")]
    [InlineData("Sec-Fetch-Site", "none")]
    [InlineData("Host", "localhost:8004")]
    [InlineData("Host", "[::1]:8004")]
    public async Task One_of_this_machine_is_taken(string header, string value)
    {
        await using var server = await GatewayServer.StartAsync();
        server.Cluster.Jobs[Samples.Id] = Samples.Completed();

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(server, header, value)).StatusCode);
    }

    [Fact]
    public async Task The_pages_own_requests_are_taken()
    {
        await using var server = await GatewayServer.StartAsync();
        server.Cluster.Jobs[Samples.Id] = Samples.Completed();

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(server, "Origin", server.Client.BaseAddress!.GetLeftPart(UriPartial.Authority))).StatusCode);
    }

    [Fact]
    public async Task With_a_key_the_site_does_not_matter()
    {
        await using var server = await GatewayServer.StartClosedAsync();
        var (_, token) = await server.KeyAsync("root", KeyScope.Admin);
        server.Cluster.Jobs[Samples.Id] = Samples.Completed();

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(server, "Origin", "https://ours.example", token)).StatusCode);
    }

    [Fact]
    public async Task A_file_with_what_is_no_key_changes_nothing()
    {
        await using var server = await GatewayServer.StartClosedAsync();
        var (_, token) = await server.KeyAsync("root", KeyScope.Admin);
        foreach (var broken in new[] { "{\"keys\": null}", "{\"keys\": [null]}", "{\"keys\": [{\"id\": \"a\", \"sha256\": \"zz\", \"owner\": \"ann\", \"scopes\": [\"read\"]}]}" })
        {
            await File.WriteAllTextAsync(server.Data.Keys, broken, TestContext.Current.CancellationToken);
            Assert.Throws<InvalidDataException>(() => new KeyFile(server.Data).Read());
            Assert.NotNull(server.Services.GetRequiredService<KeyRing>().Find(token));
        }
    }

    private static Task<HttpResponseMessage> SendAsync(GatewayServer server, string header, string value, string? token = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Delete, $"/jobs/{Samples.Id}");
        request.Headers.TryAddWithoutValidation(header, value);
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        return server.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
