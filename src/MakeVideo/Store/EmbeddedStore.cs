using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Garnet;

namespace MakeVideo.Store;

/// <summary>
/// Garnet inside this process: the Redis protocol for the grains' state, reminders and membership with nothing to install.
/// A write is answered after the operating system has it, so a killed process loses nothing it acknowledged.
/// </summary>
internal sealed partial class EmbeddedStore : IAsyncDisposable
{
    private readonly GarnetServer server;
    private readonly StoreLock hold;
    private readonly ILogger logger;
    private int disposed;

    private EmbeddedStore(GarnetServer server, StoreLock hold, string connectionString, ILogger logger) =>
        (this.server, this.hold, ConnectionString, this.logger) = (server, hold, connectionString, logger);

    /// <summary>StackExchange.Redis form: loopback address, port and a password that only this process knows.</summary>
    public string ConnectionString { get; }

    /// <summary>Opens the store, brings back what it held, and listens on a free loopback port.</summary>
    /// <param name="storeFolder">Made when absent; nothing is written outside it.</param>
    /// <param name="loggers">Where the server's own messages go.</param>
    /// <param name="cancellation">Honoured until the server starts; recovery itself runs to its end.</param>
    /// <exception cref="StoreUnavailableException">In use by another process, not writable, or not readable.</exception>
    public static async Task<EmbeddedStore> StartAsync(string storeFolder, ILoggerFactory loggers, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var folder = Path.GetFullPath(storeFolder);
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"the store's folder {folder} cannot be made", "Choose another folder with --data", refusal);
        }

        var hold = StoreLock.Take(folder);
        try
        {
            var logger = loggers.CreateLogger<EmbeddedStore>();
            var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
            var clock = Stopwatch.StartNew();

            // Recovery reads the log: seconds for a full one. Off the caller's thread, as the server's start is synchronous.
            var (server, port) = await Task.Run(() => Start(folder, password, loggers), cancellation);
            LogStarted(logger, folder, port, clock.ElapsedMilliseconds);
            return new EmbeddedStore(server, hold, $"127.0.0.1:{port},password={password},abortConnect=false", logger);
        }
        catch (Exception failure)
        {
            hold.Dispose();
            if (failure is OperationCanceledException or StoreUnavailableException)
            {
                throw;
            }

            throw new StoreUnavailableException($"the store in {folder} does not open ({failure.Message.TrimEnd('.')})", "Restore it from a copy, or move it away to start afresh", failure);
        }
    }

    /// <summary>Commits what is still in flight, closes the port and the files, and lets the folder go.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
        {
            return;
        }

        try
        {
            await server.Store.CommitAOFAsync(CancellationToken.None);
        }
        finally
        {
            await Task.Run(server.Dispose);
            hold.Dispose();
            LogStopped(logger);
        }
    }

    private static (GarnetServer Server, int Port) Start(string folder, string password, ILoggerFactory loggers)
    {
        // A free port can be taken between asking and listening; losing that race five times in a row is another fault.
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort();
            GarnetServer? server = null;
            try
            {
                server = Create(EmbeddedStoreSettings.Arguments(folder, port, password), loggers);
                server.Start();
                return (server, port);
            }
            catch (Exception failure) when (attempt < 5 && failure is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse })
            {
                server?.Dispose();
            }
            catch
            {
                server?.Dispose();
                throw;
            }
        }
    }

    private static GarnetServer Create(string[] arguments, ILoggerFactory loggers)
    {
        // The server sends all of the process's trace output to the console, where it would spoil our own.
        var listeners = Trace.Listeners.Cast<TraceListener>().ToHashSet();
        try
        {
            return new GarnetServer(arguments, new StoreLoggers(loggers));
        }
        finally
        {
            foreach (var added in Trace.Listeners.Cast<TraceListener>().Where(listener => !listeners.Contains(listener)).ToArray())
            {
                Trace.Listeners.Remove(added);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [LoggerMessage(LogLevel.Information, "The store in {Folder} listens on port {Port} after {Milliseconds} ms")]
    private static partial void LogStarted(ILogger logger, string folder, int port, long milliseconds);

    [LoggerMessage(LogLevel.Information, "The store is closed")]
    private static partial void LogStopped(ILogger logger);
}
