using System.Diagnostics;
using System.Globalization;

namespace MakeVideo.Benchmarks.Cluster;

/// <summary>
/// Jobs a second with rendering stubbed out, beside Celery (Debian's python3-celery) on an equal Redis with as many worker processes:
/// a chain of eight no-op tasks, which is how the replaced service ran a job.
/// </summary>
internal static class ThroughputBenchmark
{
    private const int Processes = 2;
    private const int CeleryJobs = 600;
    private const int Jobs = 6000;
    private const int Warmup = 4000;
    private const int AtOnce = 64;

    private static readonly TimeSpan Within = TimeSpan.FromMinutes(3);

    public static async Task<int> RunAsync()
    {
        var celery = await CeleryAsync();
        var ours = await OursAsync();
        Console.WriteLine($"| two worker processes on one Redis | jobs/s |\n|---|---|");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| MakeVideo, rendering stubbed out | {ours:0} |"));
        if (celery is { } theirs)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| Celery, a chain of 8 no-op tasks | {theirs:0} |\n| ratio | {ours / theirs:0.0} |"));
        }

        return 0;
    }

    private static async Task<double> OursAsync()
    {
        await using var cluster = await BenchCluster.StartAsync(Processes, activeJobs: AtOnce);
        await BatchAsync(cluster, Warmup, 0);
        var (started, before) = (Stopwatch.GetTimestamp(), cluster.CpuSeconds());
        await BatchAsync(cluster, Jobs, Warmup);
        var elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
        foreach (var (program, seconds) in cluster.CpuSeconds())
        {
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{program}: {1000 * (seconds - before[program]) / Jobs:0.00} ms of CPU a job"));
        }

        Console.Error.WriteLine($"Redis commands of all jobs: {await cluster.CommandTableAsync()}");
        return Jobs / elapsed;
    }

    private static async Task BatchAsync(BenchCluster cluster, int jobs, int before)
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, jobs), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (_, _) => await cluster.SubmitAsync(5, "bench 10"));
        await Until.HoldsAsync(async () => await cluster.CountAsync("completed") == before + jobs, Within, "the jobs do not complete");
    }

    private static async Task<double?> CeleryAsync()
    {
        await using var cluster = await BenchCluster.WithRedisAsync();
        var folder = Path.Combine(cluster.Data.Root, "celery");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "noop.py"), $$"""
            import sys, time
            from celery import Celery, chain
            app = Celery("noop", broker="redis://{{cluster.Redis}}/0", backend="redis://{{cluster.Redis}}/0")
            @app.task
            def step(number):
                return number + 1
            def run(jobs):
                started = time.time()
                results = [chain(step.s(0), *[step.s() for _ in range(7)])() for _ in range(jobs)]
                for result in results:
                    assert result.get(timeout=180) == 8
                return jobs / (time.time() - started)
            if __name__ == "__main__":
                run(50)
                print(run(int(sys.argv[1])))
            """);
        cluster.Start("sh", "-c", string.Create(CultureInfo.InvariantCulture, $"cd {folder} && exec /usr/bin/python3 -m celery -A noop worker -c {Processes} -l error > log 2>&1"));
        var run = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["noop.py", CeleryJobs.ToString(CultureInfo.InvariantCulture)]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (await run.StandardOutput.ReadToEndAsync(), await run.StandardError.ReadToEndAsync());
        await run.WaitForExitAsync();
        if (run.ExitCode != 0)
        {
            Console.Error.WriteLine($"Celery did not run; install it with: sudo apt-get install python3-celery python3-redis\n{errors.Split('\n').LastOrDefault(line => line.Length > 0)}");
            return null;
        }

        return double.Parse(output, CultureInfo.InvariantCulture);
    }
}
