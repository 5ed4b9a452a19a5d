using System.Diagnostics;
using System.Globalization;
using MakeVideo.Contracts;

namespace MakeVideo.Benchmarks.Cluster;

/// <summary>
/// kill -9 of the silo that works on a job, in each stage in turn, three silos of the built executable with real media: how long until the job
/// is owned again, what was done again, and whether the video is the same as an undisturbed one, byte for byte.
/// </summary>
internal static class RecoveryBenchmark
{
    private const int Silos = 3;

    private static readonly TimeSpan Within = TimeSpan.FromMinutes(2);
    private static readonly JobStage[] Stages = [JobStage.GeneratingSubtitles, JobStage.DownloadingShorts, JobStage.AssemblingVideo, JobStage.FinalComposition];

    public static async Task<int> RunAsync(int kills)
    {
        await using var cluster = await RealCluster.StartAsync(Silos);
        var undisturbed = await cluster.RunAsync(round: -1);
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"undisturbed: {undisturbed.Result!.Frames} frames, {undisturbed.Result.Sha256[..12]}"));
        var rounds = new List<(JobStage Stage, double Seconds, RecoveryReceipt Receipt, bool Same)>();
        for (var round = 0; round < kills; round++)
        {
            var stage = Stages[round % Stages.Length];
            var id = await cluster.SubmitAsync(round);
            var before = await cluster.UntilAsync(id, job => job.Silo is not null && job.Stages.Any(entry => entry.Stage == stage && entry.Status is not StageStatus.Pending) || job.Status is JobStatus.Completed, Within);
            if (before.Status is JobStatus.Completed)
            {
                continue;
            }

            var started = Stopwatch.GetTimestamp();
            cluster.Kill(before.Silo!);
            var owned = await cluster.UntilAsync(id, job => job.Epoch > before.Epoch || job.Status is JobStatus.Completed, Within);
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            var done = await cluster.UntilAsync(id, job => job.Status >= JobStatus.Completed && job.Status != JobStatus.Parked, Within);
            if (done.Status is not JobStatus.Completed)
            {
                throw new InvalidOperationException($"Job {id} is {done.Status}: {done.Failure?.Message}");
            }

            // A job that was just ending when its silo died is found completed: nothing was to be taken up.
            if (owned.Epoch > before.Epoch)
            {
                rounds.Add((stage, seconds, done.Recoveries[^1], done.Result!.Sha256 == undisturbed.Result.Sha256));
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{round + 1}: {stage} {seconds:0.0} s, {rounds[^1].Receipt.ItemsReused} items reused, {rounds[^1].Receipt.ItemsRedone} redone, same bytes: {rounds[^1].Same}"));
            }

            await cluster.RefillAsync(Silos);
        }

        var times = rounds.Select(round => round.Seconds).Order().ToArray();
        Console.WriteLine("| kill -9 of the silo at work | |\n|---|---|");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| kills | {times.Length} |\n| owned again, p50 / p95 / max | {At(times, 0.5):0.0} / {At(times, 0.95):0.0} / {times[^1]:0.0} s |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| items reused / done again | {rounds.Sum(round => round.Receipt.ItemsReused)} / {rounds.Sum(round => round.Receipt.ItemsRedone)} |\n| same bytes as undisturbed | {rounds.Count(round => round.Same)} of {rounds.Count} |"));
        return rounds.All(round => round.Same) ? 0 : 1;
    }

    private static double At(double[] sorted, double share) => sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling(share * sorted.Length) - 1)];
}
