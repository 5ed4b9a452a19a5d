using System.Diagnostics;
using System.Globalization;
using MakeVideo.Contracts;

namespace MakeVideo.Benchmarks.Cluster;

/// <summary>Preview jobs while a silo is killed, stopped or started every ten seconds and Redis is restarted once: all must complete, each once, each to the frame.</summary>
internal static class ChaosBenchmark
{
    private const int Silos = 3;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Afterwards = TimeSpan.FromMinutes(10);

    public static async Task<int> RunAsync(int jobs, int seconds)
    {
        await using var cluster = await RealCluster.StartAsync(Silos);
        var (started, blows, next) = (Stopwatch.GetTimestamp(), new Dictionary<string, int>(), 0);
        var ids = new List<string>();
        var rounds = seconds / (int)Every.TotalSeconds;
        for (var round = 0; round < rounds; round++)
        {
            // Spread over the whole time, so that there is work under every blow.
            for (var until = jobs * (round + 1) / rounds; ids.Count < until;)
            {
                ids.Add(await cluster.SubmitThroughAsync(next++));
            }

            var blow = round == rounds / 2 ? "redis restarted" : (round % 4) switch { 0 or 2 => "killed", 1 => "stopped (TERM)", _ => "started" };
            blows[blow] = blows.GetValueOrDefault(blow) + 1;
            await cluster.StrikeAsync(blow, round);
            var due = Every * (round + 1) - Stopwatch.GetElapsedTime(started);
            await Task.Delay(due > TimeSpan.Zero ? due : TimeSpan.Zero);
            if (blow.StartsWith("redis", StringComparison.Ordinal) is false)
            {
                await cluster.AtLeastAsync(2);
            }
        }

        await cluster.RefillAsync(Silos);
        var views = new List<JobView>();
        foreach (var id in ids)
        {
            views.Add(await cluster.UntilAsync(id, job => job.Status >= JobStatus.Completed && job.Status != JobStatus.Parked, Afterwards));
        }

        var once = 0;
        foreach (var view in views)
        {
            once += (await cluster.EventsAsync(view.Request.JobId)).Count(entry => entry.Kind == "completed") == 1 ? 1 : 0;
        }

        var completed = views.Where(view => view.Status is JobStatus.Completed).ToList();
        Console.WriteLine("| chaos | |\n|---|---|");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| jobs | {jobs} |\n| blows in {seconds} s | {string.Join(", ", blows.Select(blow => $"{blow.Value} {blow.Key}"))} |"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| completed | {completed.Count} |\n| completed exactly once | {once} |\n| exact to the frame | {completed.Count(view => view.Result!.Frames == (int)Math.Round(view.TargetDuration!.Value * 30))} |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| recoveries / most of one job | {views.Sum(view => view.Recoveries.Length)} / {views.Max(view => view.Epoch) - 1} |"));
        foreach (var view in views.Where(view => view.Status is not JobStatus.Completed))
        {
            Console.WriteLine($"| {view.Request.JobId} | {view.Status}: {view.Failure?.Message} |");
        }

        return completed.Count == jobs && once == jobs ? 0 : 1;
    }
}
