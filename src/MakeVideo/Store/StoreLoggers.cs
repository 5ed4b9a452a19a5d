using Microsoft.Extensions.Logging.Abstractions;

namespace MakeVideo.Store;

/// <summary>The server's loggers under our own names, so that a filter on <c>MakeVideo.Store</c> reaches them all.</summary>
internal sealed class StoreLoggers(ILoggerFactory inner) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) =>

        // Its argument parser warns of every host that brings its own logging; a wrong argument is an exception besides.
        categoryName == "ArgParser" ? NullLogger.Instance : inner.CreateLogger("MakeVideo.Store." + categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("Providers belong to the host.");

    /// <summary>The inner factory is the host's.</summary>
    public void Dispose()
    {
    }
}
