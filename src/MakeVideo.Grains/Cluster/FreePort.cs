using System.Net;
using System.Net.Sockets;

namespace MakeVideo.Grains.Cluster;

/// <summary>A TCP port on loopback that nobody listens on at the moment.</summary>
internal static class FreePort
{
    public static int Next()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}
