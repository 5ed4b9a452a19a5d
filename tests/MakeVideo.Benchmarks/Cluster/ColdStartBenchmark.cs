using System.Diagnostics;
using System.Globalization;

namespace MakeVideo.Benchmarks.Cluster;

/// <summary>All silos are killed with jobs at work and in line, and start again: how quickly the API answers while the jobs wake.</summary>
internal static class ColdStartBenchmark
{
    private const int AskedASecond = 50;

    private static readonly TimeSpan Within = TimeSpan.FromMinutes(2);

    /// <summary>Fails when a read does, or when not all that were at work are again.</summary>
    /// <param name="active">Jobs at work.</param>
    /// <param name="queued">Jobs in line.</param>
    /// <param name="seconds">How long the API is asked.</param>
    public static async Task<int> RunAsync(int active, int queued, int seconds)
    {
        var (asking, label) = (TimeSpan.FromSeconds(seconds), string.Create(CultureInfo.InvariantCulture, $"{active} jobs at work and {queued:N0} in line"));
        await using var cluster = await BenchCluster.WithRedisAsync();
        var silos = Enumerable.Range(0, 2).Select(_ => cluster.StartSilo(active, slots: 2, segmentSeconds: 600)).ToList();
        await cluster.ConnectAsync(silos.Count);
        var ids = new string[active + queued];
        await Parallel.ForEachAsync(Enumerable.Range(0, ids.Length), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (index, _) => ids[index] = await cluster.SubmitAsync(5, "cold 10"));
        await Until.HoldsAsync(async () => await cluster.CountAsync("working") >= active, Within, "the jobs do not start");
        foreach (var silo in silos)
        {
            silo.Kill();
            await silo.WaitForExitAsync();
        }

        var (_, address) = cluster.StartGateway();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < silos.Count; i++)
        {
            cluster.StartSilo(active, slots: 2, segmentSeconds: 600);
        }

        using var http = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(60) };
        await Until.HoldsAsync(async () => await BenchCluster.IsHealthyAsync(http), Within, "the gateway is not healthy");
        var up = Stopwatch.GetElapsedTime(started);
        var asked = new List<Task<double>>();
        using var ticks = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / AskedASecond));
        for (var first = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(first) < asking && await ticks.WaitForNextTickAsync();)
        {
            asked.Add(AskAsync(http, $"/jobs/{ids[Random.Shared.Next(ids.Length)]}"));
        }

        var times = (await Task.WhenAll(asked)).Order().ToArray();
        await Until.HoldsAsync(async () => await cluster.CountAsync("working") >= active, Within, "not all jobs are at work again");
        var awake = await cluster.CountAsync("working");
        Console.WriteLine($"| cold start, {label} | |\n|---|---|");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| silos and API up after | {up.TotalSeconds:0.0} s |\n| reads while they wake | {times.Length} in {seconds} s |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| p50 / p99 / max | {times[times.Length / 2]:0} / {times[(int)(times.Length * 0.99)]:0} / {times[^1]:0} ms |\n| at work afterwards | {awake} |"));
        return 0;
    }

    private static async Task<double> AskAsync(HttpClient http, string path)
    {
        var started = Stopwatch.GetTimestamp();
        (await http.GetAsync(new Uri(path, UriKind.Relative))).EnsureSuccessStatusCode();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
