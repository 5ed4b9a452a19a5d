using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MakeVideo.EndToEndTests.Make;
using MakeVideo.EndToEndTests.Media;
using MakeVideo.EndToEndTests.Processes;

namespace MakeVideo.EndToEndTests.Gateway.Hostile;

/// <summary>A server that hostile requests may have for themselves; it takes audio of 200 KB and as many requests as come.</summary>
public sealed partial class HostileServer(MediaFixture media) : IAsyncLifetime
{
    public const int MostAudio = 200_000;

    internal Workplace Place { get; } = new(media);

    internal ServerProcess Server { get; private set; } = null!;

    internal HttpClient Http { get; private set; } = null!;

    internal string Data => Place.In("data");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Server = await ServerProcess.StartAsync(Data, Place.Library, environment: new Dictionary<string, string>
        {
            ["Gateway__MaxAudioBytes"] = MostAudio.ToString(CultureInfo.InvariantCulture), ["MAKEVIDEO_Limits__RequestsPerSecond"] = "100000", ["MAKEVIDEO_Limits__RequestBurst"] = "100000",
        });
        Http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new(Server.Address), Timeout = TimeSpan.FromSeconds(60) };
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }
    }

    /// <summary>What the API says there is: method and path.</summary>
    internal async Task<IReadOnlyList<(string Method, string Path)>> CallsAsync() =>
        [.. JsonNode.Parse(await Http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative), Cancellation))!["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(call => (call.Key.ToUpperInvariant(), path.Key)))];

    /// <summary>Sends bytes as they are, and reads until the server hangs up or has nothing more to say.</summary>
    internal async Task<string> SayAsync(byte[] bytes, double seconds = 20)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, Http.BaseAddress!.Port, Cancellation);
        var answer = new StringBuilder();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(seconds));
        try
        {
            await socket.SendAsync(bytes, deadline.Token);
            var buffer = new byte[64 * 1024];
            while (await socket.ReceiveAsync(buffer, deadline.Token) is > 0 and var read)
            {
                answer.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }

            return answer.ToString();
        }
        catch (SocketException)
        {
            // Reset: it hung up on what it would not read.
            return answer.ToString();
        }
    }

    /// <summary>Bytes of memory that are the server's own now.</summary>
    internal long Memory() => long.Parse(Resident().Match(File.ReadAllText($"/proc/{Server.Id}/status")).Groups[1].Value, CultureInfo.InvariantCulture) << 10;

    [GeneratedRegex(@"RssAnon:\s+(\d+) kB")]
    private static partial Regex Resident();
}
