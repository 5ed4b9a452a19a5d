using System.Diagnostics;
using StackExchange.Redis;

namespace MakeVideo.EndToEndTests.Store;

/// <summary>The embedded store in a process of its own, so that it can be killed.</summary>
internal sealed class StoreProcess : IAsyncDisposable
{
    private readonly Process process;

    private StoreProcess(Process process, string firstLine) => (this.process, FirstLine) = (process, firstLine);

    /// <summary>The connection string; empty when the process ended instead.</summary>
    public string FirstLine { get; }

    public int Id => process.Id;

    public static async Task<StoreProcess> StartAsync(string folder)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "makevideo.dll"), "store", "--folder", folder },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet does not start.");
        return new StoreProcess(process, await process.StandardOutput.ReadLineAsync() ?? "");
    }

    public Task<ConnectionMultiplexer> ConnectAsync() => ConnectionMultiplexer.ConnectAsync(FirstLine + ",allowAdmin=true");

    /// <summary>SIGKILL: nothing of the process runs afterwards.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and its exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>Waits for a process that ends by itself.</summary>
    public async Task<(int Code, string Error)> EndAsync()
    {
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, error);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }

        process.Dispose();
    }
}
