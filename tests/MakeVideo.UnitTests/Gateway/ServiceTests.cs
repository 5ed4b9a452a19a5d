using System.Net;
using System.Text.Json.Nodes;
using MakeVideo.Contracts;
using MakeVideo.Gateway;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MakeVideo.UnitTests.Gateway;

public sealed class ServiceTests
{
    [Fact]
    public async Task Health_is_200_while_store_and_disk_work_and_leaves_nothing_on_the_disk()
    {
        await using var server = await GatewayServer.StartAsync();

        var (status, body) = await ReadAsync(server, "/health");

        Assert.Equal((HttpStatusCode.OK, "healthy", "ok", "ok"), (status, (string?)body["status"], (string?)body["store"], (string?)body["disk"]));
        Assert.NotEmpty((string)body["version"]!);
        Assert.Empty(Directory.GetFileSystemEntries(server.Data.Root));
    }

    [Fact]
    public async Task Health_is_503_and_says_which_check_failed()
    {
        await using var server = await GatewayServer.StartAsync();
        server.Cluster.Outage = new InvalidOperationException("redis at 10.0.0.7 refused");

        var (status, body) = await ReadAsync(server, "/health");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unhealthy", "ok"), (status, (string?)body["status"], (string?)body["disk"]));
        Assert.DoesNotContain("10.0.0.7", body.ToJsonString(), StringComparison.Ordinal);

        server.Cluster.Outage = null;
        Directory.Delete(server.Data.Root);
        (status, body) = await ReadAsync(server, "/health");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "ok", "DirectoryNotFoundException"), (status, (string?)body["store"], (string?)body["disk"]));
        Directory.CreateDirectory(server.Data.Root);
    }

    [Fact]
    public async Task The_root_says_what_this_is()
    {
        await using var server = await GatewayServer.StartAsync();

        var (status, body) = await ReadAsync(server, "/");

        Assert.Equal((HttpStatusCode.OK, "make-video"), (status, (string?)body["service"]));
    }

    [Fact]
    public async Task Every_route_is_in_the_api_description()
    {
        await using var server = await GatewayServer.StartAsync();
        var mapped = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null)
            .SelectMany(route => route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Select(method => $"{method} {route.RoutePattern.RawText}") ?? []);

        var (_, document) = await ReadAsync(server, "/openapi/v1.json");
        Assert.True(document["paths"] is not null, document.ToJsonString());

        var described = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(call => $"{call.Key.ToUpperInvariant()} {path.Key}"));
        Assert.Equal(mapped.Order(), described.Order());
        Assert.Equal(35, mapped.Count());
    }

    [Fact]
    public async Task The_api_description_tells_the_form_its_answers_and_its_problems()
    {
        await using var server = await GatewayServer.StartAsync();
        var (_, document) = await ReadAsync(server, "/openapi/v1.json");
        JsonNode Resolved(JsonNode node) => (string?)node["$ref"] is { } reference ? document["components"]!["schemas"]![reference.Split('/')[^1]]! : node;

        var call = document["paths"]!["/make-video"]!["post"]!;
        var form = Resolved(call["requestBody"]!["content"]!["multipart/form-data"]!["schema"]!);
        Assert.Equal(
            "any_clip aspect_ratio audio_file crop_position fit max_shorts quality query script seed short_footage source subtitle_language subtitle_style",
            string.Join(' ', form["properties"]!.AsObject().Select(property => property.Key).Order(StringComparer.Ordinal)));
        Assert.Equal(["audio_file", "query"], form["required"]!.AsArray().Select(name => (string?)name).Order());
        Assert.Equal("binary", (string?)Resolved(form["properties"]!["audio_file"]!)["format"]);
        Assert.Equal(["9:16", "16:9", "1:1", "4:5"], Resolved(form["properties"]!["aspect_ratio"]!)["enum"]!.AsArray().Select(name => (string?)name));
        Assert.Equal((10, 500), ((int)form["properties"]!["max_shorts"]!["minimum"]!, (int)form["properties"]!["max_shorts"]!["maximum"]!));

        Assert.NotNull(call["responses"]!["202"]!["content"]!["application/json"]);
        foreach (var status in new[] { "400", "408", "413", "415", "422", "503", "507" })
        {
            Assert.NotNull(Resolved(call["responses"]![status]!["content"]!["application/problem+json"]!["schema"]!)["properties"]!["code"]);
        }

        var job = Resolved(document["paths"]!["/jobs/{id}"]!["get"]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!);
        Assert.Contains("target_video_duration", job["properties"]!.AsObject().Select(property => property.Key));
    }

    [Theory]
    [InlineData("english", 100)]
    [InlineData("en", 0)]
    public async Task A_wrong_setting_stops_the_start(string language, long most) =>
        await Assert.ThrowsAsync<OptionsValidationException>(() => GatewayServer.StartAsync(options => (options.DefaultLanguage, options.MaxAudioBytes) = (language, most)));

    private static async Task<(HttpStatusCode Status, JsonNode Body)> ReadAsync(GatewayServer server, string path)
    {
        var response = await server.GetAsync(path);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!);
    }
}
