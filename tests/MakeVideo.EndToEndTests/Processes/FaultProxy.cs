using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MakeVideo.EndToEndTests.Processes;

/// <summary>What a network does to bytes.</summary>
internal enum LinkState
{
    /// <summary>They arrive, after <see cref="FaultProxy.Latency"/>.</summary>
    Up,

    /// <summary>Connections are taken and stay open, and nothing arrives any more.</summary>
    BlackHole,

    /// <summary>Connections are reset, and new ones at once.</summary>
    Cut,
}

/// <summary>A TCP proxy on loopback that can be a bad network between one process and one port.</summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<TcpClient, byte> _open = new();
    private readonly string _host;
    private readonly int _port;
    private readonly Task _accepting;

    public FaultProxy(string host, int port)
    {
        (_host, _port) = (host, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary><c>HOST:PORT</c>, for whoever is to be disturbed.</summary>
    public string Connection => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public LinkState State { get; private set; }

    /// <summary>What each piece of data waits on its way.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>Changes the link for open connections and new ones.</summary>
    public void Become(LinkState state)
    {
        State = state;
        if (state is LinkState.Cut)
        {
            Reset();
        }
    }

    /// <summary>Resets what is open; new connections fare as the link does.</summary>
    public void Reset()
    {
        foreach (var client in _open.Keys)
        {
            Close(client);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        Reset();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_end.Token);
            _open[client] = 0;
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        try
        {
            if (State is not LinkState.Cut)
            {
                await server.ConnectAsync(_host, _port, _end.Token);
                _open[server] = 0;
                await Task.WhenAny(PumpAsync(client, server), PumpAsync(server, client));
            }
        }
        catch (Exception failure) when (failure is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The other end is gone: so is this one.
        }
        finally
        {
            Close(client);
            Close(server);
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to)
    {
        var buffer = new byte[1 << 16];
        int read;
        while ((read = await from.GetStream().ReadAsync(buffer, _end.Token)) > 0)
        {
            if (Latency > TimeSpan.Zero)
            {
                await Task.Delay(Latency, _end.Token);
            }

            // What falls into the hole is gone for good, as on a network whose sender has died meanwhile.
            if (State is LinkState.Up)
            {
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read), _end.Token);
            }
        }
    }

    private void Close(TcpClient client)
    {
        _open.TryRemove(client, out _);
        if (client.Client is { } socket)
        {
            // Zero linger: a reset instead of an orderly end.
            socket.LingerState = new(true, 0);
        }

        client.Dispose();
    }
}
