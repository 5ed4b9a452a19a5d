using System.Net;
using System.Net.Sockets;

namespace MakeVideo.Sources.Http;

/// <summary>An upstream sent us where we do not go.</summary>
internal sealed class HopRefusedException(string message) : Exception(message);

/// <summary>
/// The connections to all upstreams, and the redirects between them, followed by hand: at most three, http and https only, and never from a public
/// address to a private one. What settings name may be private: the services run in the same network.
/// </summary>
internal sealed class UpstreamWire : IDisposable
{
    private const int MostHops = 3;

    /// <summary>For name look-up, connection and TLS. Across the world it takes under a second; a lost SYN is sent again after 1 and 3 s.</summary>
    private static readonly TimeSpan Connect = TimeSpan.FromSeconds(5);

    private readonly HttpMessageInvoker _anywhere;
    private readonly HttpMessageInvoker _publicOnly;

    public UpstreamWire(TimeSpan? connectWithin = null)
    {
        var connect = connectWithin ?? Connect;
        _anywhere = new(Handler(connect));
        var guarded = Handler(connect);
        guarded.ConnectCallback = ConnectPubliclyAsync;
        _publicOnly = new(guarded);
    }

    /// <summary>Sends, follows redirects, and answers with the last one's headers; the body is still to be read.</summary>
    /// <param name="home">The upstream's own address, which is trusted.</param>
    /// <param name="first">What is called.</param>
    /// <param name="request">A fresh request to an address; told whether it is the upstream's own, which alone may see keys.</param>
    /// <param name="cancellation">Ends the wait for headers.</param>
    /// <exception cref="HopRefusedException">A redirect that is not followed.</exception>
    /// <exception cref="HttpRequestException">No answer; its inner exception may be a <see cref="HopRefusedException"/>.</exception>
    public async Task<HttpResponseMessage> SendAsync(Uri home, Uri first, Func<Uri, bool, HttpRequestMessage> request, CancellationToken cancellation)
    {
        // Only who is inside may lead inside; whoever was led out by one hop is not led back in by the next.
        var (to, inside) = (first, await IsPrivateAsync(home, cancellation));
        HttpMethod? method = null;
        for (var hops = 0; ; hops++)
        {
            var own = SameOrigin(home, to);
            var invoker = own || inside ? _anywhere : _publicOnly;
            inside = inside && (own || await IsPrivateAsync(to, cancellation));
            using var message = request(to, own);
            if (method is not null && method != message.Method)
            {
                (message.Method, message.Content) = (method, null);
            }

            var response = await invoker.SendAsync(message, cancellation);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location)
            {
                return response;
            }

            using (response)
            {
                if (hops == MostHops)
                {
                    throw new HopRefusedException($"redirects more than {MostHops} times");
                }

                to = Next(to, location);
                if ((int)response.StatusCode is not (307 or 308) && message.Method != HttpMethod.Head)
                {
                    method = HttpMethod.Get;
                }
            }
        }
    }

    public void Dispose()
    {
        _anywhere.Dispose();
        _publicOnly.Dispose();
    }

    private static Uri Next(Uri from, Uri location)
    {
        var to = location.IsAbsoluteUri ? location : new Uri(from, location);
        if (to.Scheme is not ("http" or "https"))
        {
            throw new HopRefusedException($"redirects to a {to.Scheme}: address");
        }

        if (from.Scheme == "https" && to.Scheme == "http")
        {
            throw new HopRefusedException("redirects from https to http");
        }

        return to.UserInfo.Length == 0 ? to : throw new HopRefusedException("redirects to an address with a user name in it");
    }

    private static bool SameOrigin(Uri one, Uri other) => one.Scheme == other.Scheme && one.Port == other.Port && one.IdnHost.Equals(other.IdnHost, StringComparison.OrdinalIgnoreCase);

    private static async Task<bool> IsPrivateAsync(Uri uri, CancellationToken cancellation)
    {
        try
        {
            return Array.TrueForAll(await Dns.GetHostAddressesAsync(uri.IdnHost, cancellation), PrivateAddress.Is);
        }
        catch (SocketException)
        {
            // The connection will say it better.
            return false;
        }
    }

    // Looks the name up and connects to what it found: a name that answers otherwise the second time gains nothing.
    private static async ValueTask<Stream> ConnectPubliclyAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellation);
        var open = Array.FindAll(addresses, address => !PrivateAddress.Is(address));
        if (open.Length == 0)
        {
            throw new HopRefusedException("leads to a private address");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(open, context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static SocketsHttpHandler Handler(TimeSpan connect) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,

        // A proxy would be the address that is checked, in place of the one that is called.
        UseProxy = false,

        // Decoded by hand, so that what is counted is what comes out.
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = connect,
        MaxResponseHeadersLength = 64,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxConnectionsPerServer = 32,

        // A body that is given up is not worth reading to its end.
        MaxResponseDrainSize = 0,
    };
}
