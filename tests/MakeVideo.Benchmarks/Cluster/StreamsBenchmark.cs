using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace MakeVideo.Benchmarks.Cluster;

/// <summary>What open event streams of a working job cost the gateway. The job's tools are stubbed: a second for a segment.</summary>
internal static class StreamsBenchmark
{
    private const int Segments = 200;

    private static readonly TimeSpan Within = TimeSpan.FromMinutes(1);

    /// <param name="streams">Open at once.</param>
    /// <param name="seconds">How long they are measured.</param>
    public static async Task<int> RunAsync(int streams, int seconds)
    {
        await using var cluster = await BenchCluster.WithRedisAsync();
        cluster.StartSilo(activeJobs: 2, slots: 2, segmentSeconds: 1);
        await cluster.ConnectAsync(silos: 1);
        var (gateway, address) = cluster.StartGateway();
        using var sockets = new SocketsHttpHandler { MaxConnectionsPerServer = int.MaxValue };
        using var http = new HttpClient(sockets) { BaseAddress = new Uri(address), Timeout = Timeout.InfiniteTimeSpan };
        await Until.HoldsAsync(async () => await BenchCluster.IsHealthyAsync(http), Within, "the gateway is not healthy");
        var id = await cluster.SubmitAsync((4 * Segments) - 1, $"streams {Segments + (Segments / 8)}");
        await Until.HoldsAsync(async () => (await http.GetStringAsync(new Uri($"/jobs/{id}", UriKind.Relative))).Contains("\"status\":\"assembling_video\"", StringComparison.Ordinal), Within, "the job does not render");

        var before = Resident(gateway);
        using var stop = new CancellationTokenSource();
        var counts = new long[streams];
        var reading = Enumerable.Range(0, streams).Select(index => ReadAsync(http, id, counts, index, stop.Token)).ToList();
        await Until.HoldsAsync(() => Task.FromResult(counts.All(count => count > 0)), Within, "not all streams begin");
        var (cpu, told) = (Cpu(gateway), counts.Sum());
        await Task.Delay(TimeSpan.FromSeconds(seconds), stop.Token);
        var (used, events) = (Cpu(gateway) - cpu, counts.Sum() - told);
        var memory = Resident(gateway) - before;
        await stop.CancelAsync();
        await Task.WhenAll(reading);

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            | {streams} event streams of a job with {Segments} segments | |
            |---|---|
            | events a second on each | {(double)events / streams / seconds:0.0} |
            | CPU of the gateway | {100 * used / seconds:0.0} % of a core |
            | memory of a stream | {memory / 1024.0 / streams:0} KB |
            """));
        return events > 0 ? 0 : 1;
    }

    private static async Task ReadAsync(HttpClient http, string id, long[] counts, int index, CancellationToken stop)
    {
        try
        {
            using var reader = new StreamReader(await http.GetStreamAsync(new Uri($"/jobs/{id}/events", UriKind.Relative), stop), Encoding.UTF8);
            while (await reader.ReadLineAsync(stop) is { } line)
            {
                counts[index] += line.StartsWith("event: ", StringComparison.Ordinal) ? 1 : 0;
            }
        }
        catch (OperationCanceledException)
        {
            // Measured.
        }
    }

    private static long Resident(Process process)
    {
        process.Refresh();
        return process.WorkingSet64;
    }

    private static double Cpu(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime.TotalSeconds;
    }
}
