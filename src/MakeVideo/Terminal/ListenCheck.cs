using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MakeVideo.Contracts;

namespace MakeVideo.Terminal;

/// <summary>Whether a process can listen where it is told to: said in one line before anything starts, not by a host that falls over half-way.</summary>
internal static class ListenCheck
{
    /// <summary>The first address that cannot be used, as a complaint; null when all can.</summary>
    /// <param name="option">The option that gave them: <c>--urls</c>.</param>
    /// <param name="urls">Separated by semicolons, as ASP.NET Core reads them.</param>
    public static JobFailure? Problem(string option, string urls)
    {
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            BindingAddress address;
            try
            {
                address = BindingAddress.Parse(url);
            }
            catch (FormatException)
            {
                return Invalid($"{option}: '{url}' is no address to listen at. Write it like http://127.0.0.1:8004.");
            }

            if (Refusal(address) is { } refusal)
            {
                return Invalid($"{option}: {url} {refusal}");
            }
        }

        return null;
    }

    private static string? Refusal(BindingAddress address)
    {
        var host = address.Host is "localhost" ? IPAddress.Loopback : IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) ? ip : IPAddress.Any;
        using var socket = new Socket(host.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // As Kestrel binds: a port that a connection lately used is free, one that another listens at is not.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(host, address.Port));
            socket.Listen();
            return null;
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => $"is in use by another program. Choose another port: {new UriBuilder(address.Scheme, address.Host, Next(address.Port))}".TrimEnd('/'),
                SocketError.AccessDenied => "needs rights that this user does not have. Choose a port above 1023.",
                SocketError.AddressNotAvailable => "is no address of this host.",
                _ => string.Create(CultureInfo.InvariantCulture, $"cannot be listened at: {refused.Message}."),
            };
        }
    }

    private static int Next(int port) => port < IPEndPoint.MaxPort ? port + 1 : port - 1;

    private static JobFailure Invalid(string message) => new(FailureCodes.InvalidRequest, null, message);
}
