using System.Net;
using System.Net.Sockets;

namespace MakeVideo.Grains.Cluster;

/// <summary>A TCP port that nobody listens on at the moment.</summary>
internal static class FreePort
{
    // Below what the kernel gives to outgoing connections (ip_local_port_range, 32768 and up): none of those can take it before its silo does.
    private const int First = 20_000;
    private const int Last = 32_000;

    public static int Next()
    {
        for (; ; )
        {
            var port = Random.Shared.Next(First, Last);
            try
            {
                using var socket = new TcpListener(IPAddress.Any, port);
                socket.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken.
            }
        }
    }
}
