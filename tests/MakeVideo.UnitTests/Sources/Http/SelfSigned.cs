using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace MakeVideo.UnitTests.Sources.Http;

/// <summary>A server whose certificate it signed itself.</summary>
internal sealed class SelfSigned : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _requests;

    private SelfSigned(WebApplication app) => _app = app;

    public int Requests => _requests;

    public Uri Url => new(_app.Urls.Single());

    public static async Task<SelfSigned> StartAsync()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        var app = builder.Build();
        var server = new SelfSigned(app);
        app.Run(context =>
        {
            Interlocked.Increment(ref server._requests);
            return Task.CompletedTask;
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
