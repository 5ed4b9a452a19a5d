using System.CommandLine;
using System.Runtime.InteropServices;
using MakeVideo.Store;

namespace MakeVideo.Terminal;

/// <summary>The store alone, to look into it with a Redis client; tests kill it.</summary>
internal static class StoreCommand
{
    public static Command Create()
    {
        var folder = new Option<DirectoryInfo>("--folder") { Description = "Folder of the store.", Required = true };
        var command = new Command("store", "Run the embedded store alone and print its connection string.") { Hidden = true };
        command.Add(folder);
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetRequiredValue(folder).FullName, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string folder, CancellationToken cancellation)
    {
        using var loggers = LoggerFactory.Create(logging => logging
            .AddSimpleConsole(console => console.SingleLine = true)
            .AddFilter<Microsoft.Extensions.Logging.Console.ConsoleLoggerProvider>(null, LogLevel.Warning)
            .Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, stop));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, stop));
        try
        {
            await using var store = await EmbeddedStore.StartAsync(folder, loggers, cancellation);
            await Console.Out.WriteLineAsync(store.ConnectionString);
            await stop.Task;
            return ExitCode.Done;
        }
        catch (StoreUnavailableException refusal)
        {
            await Console.Error.WriteLineAsync($"error[store_unavailable]: {refusal.Message}");
            return ExitCode.NotReady;
        }
    }

    private static void Stop(PosixSignalContext signal, TaskCompletionSource stop)
    {
        signal.Cancel = true;
        stop.TrySetResult();
    }
}
