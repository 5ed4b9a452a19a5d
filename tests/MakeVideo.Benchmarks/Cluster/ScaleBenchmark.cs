using System.Diagnostics;
using System.Globalization;

namespace MakeVideo.Benchmarks.Cluster;

/// <summary>Silos that have half a core each (by cgroup) and one slot: how the time of one 60 s job and of eight falls as silos are added.</summary>
internal static class ScaleBenchmark
{
    private const double Core = 0.5;
    private const int Seconds = 60;
    private const int Many = 8;

    public static async Task<int> RunAsync()
    {
        var times = new Dictionary<int, (double One, double Many)>();
        foreach (var silos in new[] { 1, 2, 4 })
        {
            await using var cluster = await RealCluster.StartAsync(silos, Core, Seconds);

            // Code is compiled and files are read before the clock runs.
            await cluster.RunAsync(round: -1);
            var one = await TimeAsync(cluster, 1);
            var many = await TimeAsync(cluster, Many);
            times[silos] = (one, many);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{silos} silos: one job {one:0.0} s, {Many} jobs {many:0.0} s"));
        }

        Console.WriteLine($"| silos of half a core | one {Seconds} s job | speed-up | {Many} jobs | speed-up |\n|---|---|---|---|---|");
        foreach (var (silos, (one, many)) in times)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {silos} | {one:0.0} s | {times[1].One / one:0.00} | {many:0.0} s | {times[1].Many / many:0.00} |"));
        }

        return 0;
    }

    private static async Task<double> TimeAsync(RealCluster cluster, int jobs)
    {
        cluster.Forget();
        var started = Stopwatch.GetTimestamp();
        var ids = new List<string>();
        for (var job = 0; job < jobs; job++)
        {
            ids.Add(await cluster.SubmitThroughAsync((100 * jobs) + job));
        }

        foreach (var id in ids)
        {
            await cluster.UntilAsync(id, job => job.Result is not null, TimeSpan.FromMinutes(10));
        }

        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
