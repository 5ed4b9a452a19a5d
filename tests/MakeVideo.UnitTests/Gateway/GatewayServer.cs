using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using MakeVideo.Contracts;
using MakeVideo.Gateway;
using MakeVideo.Gateway.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MakeVideo.UnitTests.Gateway;

/// <summary>The gateway on a real Kestrel, on a free port of the loopback, over a <see cref="FakeCluster"/> and a folder of its own.</summary>
internal sealed class GatewayServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private GatewayServer(WebApplication app, DataFolder data, FakeCluster cluster)
    {
        (_app, Data, Cluster) = (app, data, cluster);
        Client = new() { BaseAddress = new(app.Urls.Single()), Timeout = TimeSpan.FromSeconds(30) };
    }

    public HttpClient Client { get; }

    public DataFolder Data { get; }

    public FakeCluster Cluster { get; }

    public IServiceProvider Services => _app.Services;

    public IReadOnlyCollection<string> Uploads => Directory.Exists(Path.Combine(Data.Root, "uploads")) ? Directory.GetFileSystemEntries(Path.Combine(Data.Root, "uploads")) : [];

    public static async Task<GatewayServer> StartAsync(Action<GatewayOptions>? configure = null, Action<KestrelServerOptions>? kestrel = null, string environment = "Production", Action<IServiceCollection>? services = null)
    {
        var data = new DataFolder(Directory.CreateTempSubdirectory("makevideo-gateway-").FullName);
        var cluster = new FakeCluster();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(data).AddSingleton(cluster.Grains).AddMakeVideoGateway();
        builder.Services.Configure(configure ?? (_ => { })).Configure(kestrel ?? (_ => { }));
        services?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapMakeVideo();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app, data, cluster);
    }

    /// <summary>A server that asks everybody for a key.</summary>
    public static Task<GatewayServer> StartClosedAsync() => StartAsync(services: services => services.Configure<KeyOptions>(keys => keys.Required = true));

    /// <summary>Makes a key and waits until the server knows it.</summary>
    public async Task<(ApiKey Key, string Token)> KeyAsync(string owner, params KeyScope[] scopes)
    {
        var made = ApiKey.Create(owner, scopes, null, Samples.Noon);
        new KeyFile(Data).Change(keys => [.. keys, made.Key]);
        await HoldsAsync(() => Services.GetRequiredService<KeyRing>().Find(made.Token) is not null);
        return made;
    }

    /// <summary>Asks with a key; null: without.</summary>
    public Task<HttpResponseMessage> SendAsync(string method, string path, string? token, HttpContent? content = null)
    {
        var request = new HttpRequestMessage(new(method), path) { Content = content };
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        return Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Waits for a condition, at most 10 s.</summary>
    public static async Task HoldsAsync(Func<bool> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(10), "It did not come to be.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    public Task<HttpResponseMessage> PostAsync(HttpContent form) => Client.PostAsync("/make-video", form, TestContext.Current.CancellationToken);

    public Task<HttpResponseMessage> GetAsync(string path) => Client.GetAsync(path, TestContext.Current.CancellationToken);

    /// <summary>A connection that can say what no HTTP client would.</summary>
    public async Task<NetworkStream> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, Client.BaseAddress!.Port, TestContext.Current.CancellationToken);
        return new(socket, ownsSocket: true);
    }

    /// <summary>Sends bytes as they are, and reads until the server hangs up.</summary>
    public async Task<string> SayAsync(params byte[][] bytes)
    {
        await using var stream = await ConnectAsync();
        foreach (var some in bytes)
        {
            await stream.WriteAsync(some, TestContext.Current.CancellationToken);
        }

        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        Directory.Delete(Data.Root, recursive: true);
    }
}

/// <summary>What every refusal must look like.</summary>
internal static class ProblemAssert
{
    public static async Task<JsonNode> IsAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var body = JsonNode.Parse(text)!;
        Assert.Equal(code, (string?)body["code"]);
        Assert.Equal($"/problems/{code}", (string?)body["type"]);
        Assert.Equal((int)status, (int?)body["status"]);
        var detail = (string)body["detail"]!;
        Assert.NotEmpty(detail);
        Assert.DoesNotContain(detail, char.IsControl);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        return body;
    }
}
