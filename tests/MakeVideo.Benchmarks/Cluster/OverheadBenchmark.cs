using System.Diagnostics;
using System.Globalization;

namespace MakeVideo.Benchmarks.Cluster;

/// <summary>What the cluster itself costs, rendering stubbed out: by the number of segments in a job. The cost of an item must not grow with their number.</summary>
internal static class OverheadBenchmark
{
    private static readonly (int Segments, int Jobs)[] Sizes = [(2, 400), (10, 150), (100, 20), (600, 4)];
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(5);

    public static async Task<int> RunAsync()
    {
        await using var cluster = await BenchCluster.StartAsync(silos: 2, activeJobs: 16);
        var done = 0;
        done += await BatchAsync(cluster, 2, 1000, done, "warmup");
        Console.WriteLine("| segments a job | jobs/s | ms of CPU an item | Redis commands a job | an item | progress state, bytes |\n|---|---|---|---|---|---|");
        foreach (var (segments, jobs) in Sizes)
        {
            // The first job of a size fetches its clips and hears its audio; the others find both.
            done += await BatchAsync(cluster, segments, 1, done, $"size {segments}");
            var (started, cpu, commands) = (Stopwatch.GetTimestamp(), Total(cluster), await cluster.CommandsAsync());
            done += await BatchAsync(cluster, segments, jobs, done, $"size {segments}");
            var (seconds, used, sent) = (Stopwatch.GetElapsedTime(started).TotalSeconds, Total(cluster) - cpu, await cluster.CommandsAsync() - commands);
            var bytes = await cluster.ProgressBytesAsync();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {segments} | {jobs / seconds:0.0} | {1000 * used / jobs / segments:0.00} | {(double)sent / jobs:0} | {(double)sent / jobs / segments:0.0} | {bytes} |"));
        }

        return 0;
    }

    private static double Total(BenchCluster cluster) => cluster.CpuSeconds().Where(program => program.Key == "dotnet").Sum(program => program.Value);

    /// <summary>Runs so many jobs to their end; the last second of each is padding.</summary>
    private static async Task<int> BatchAsync(BenchCluster cluster, int segments, int jobs, int before, string query)
    {
        var clips = Math.Min(segments + (segments / 8) + 2, 500);
        await Parallel.ForEachAsync(Enumerable.Range(0, jobs), new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (_, _) => await cluster.SubmitAsync(Math.Max(5, (4 * segments) - 1), $"{query} {clips}"));
        await Until.HoldsAsync(async () => await cluster.CountAsync("completed") + await cluster.CountAsync("failed") == before + jobs, Within, "the jobs do not end");
        return await cluster.CountAsync("failed") == 0 ? jobs : throw new InvalidOperationException("A job failed.");
    }
}
