using MakeVideo.Contracts;

namespace MakeVideo.Terminal;

/// <summary>Where the process's own log goes when the terminal belongs to the user.</summary>
internal static class Logs
{
    /// <summary>To <c>data/makevideo.log</c>, begun anew each time: a command that went wrong leaves what support will ask for.</summary>
    public static Action<ILoggingBuilder> ToFile(DataFolder data)
    {
        // One for all factories: each would begin the file anew.
        var file = new FileLogs(Path.Combine(data.Root, "makevideo.log"));
        return logging =>
        {
            logging.SetMinimumLevel(LogLevel.Information);
            logging.AddFilter("Orleans", LogLevel.Warning);
            logging.AddFilter("MakeVideo.Store", LogLevel.Warning);
            logging.AddProvider(file);
        };
    }

    private sealed class FileLogs(string path) : ILoggerProvider
    {
        // Opened by the first line, which comes after the store is ours: a process that is turned away must not empty the log of the one that runs.
        private readonly Lazy<TextWriter> _file = new(() =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return TextWriter.Synchronized(new StreamWriter(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true });
        });

        public ILogger CreateLogger(string categoryName) => new FileLog(categoryName, _file);

        public void Dispose()
        {
            if (_file.IsValueCreated)
            {
                _file.Value.Dispose();
            }
        }
    }

    private sealed class FileLog(string category, Lazy<TextWriter> file) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            try
            {
                file.Value.WriteLine($"{DateTimeOffset.UtcNow:O} {logLevel} {category}: {formatter(state, exception)}{(exception is null ? "" : "\n" + exception)}");
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                // A full disk must not stop what only wanted to say so.
            }
        }
    }
}
