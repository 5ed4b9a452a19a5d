using System.Globalization;
using System.Security.Cryptography;
using MakeVideo.Benchmarks.Cluster;
using MakeVideo.Contracts;

namespace MakeVideo.Benchmarks.Budgets;

/// <summary>How near an estimate comes: real jobs of different length on one silo, each estimated just before it is sent, after some that the cluster learned from.</summary>
internal static class EstimateBenchmark
{
    private const int Clips = 16;
    private static readonly int[] Learning = [40, 12, 20, 30, 16, 24];
    private static readonly int[] Measured = [8, 15, 25, 40, 60];
    private static int _spoken;
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(10);

    public static async Task<int> RunAsync(Quality quality)
    {
        await using var cluster = await BenchCluster.WithRedisAsync();
        var library = Directory.CreateDirectory(Path.Combine(cluster.Data.Root, "library")).FullName;
        for (var clip = 0; clip < Clips; clip++)
        {
            RenderMaterial.Generate(Path.Combine(library, $"clip-{clip:00}.mp4"), "-f", "lavfi", "-i", $"mandelbrot=size=640x480:rate=25:start_x={-0.74 - (clip / 1000.0):0.0000}", "-t", "6", "-preset", "ultrafast", "-pix_fmt", "yuv420p");
        }

        cluster.Start("dotnet", Path.Combine(AppContext.BaseDirectory, "makevideo.dll"), "silo", "--redis", cluster.Redis, "--data", cluster.Data.Root, "--gateway-port", "0", "--admin-urls", "http://127.0.0.1:0");
        await cluster.ConnectAsync(1);
        Console.WriteLine($"learning from {Learning.Length} jobs of {string.Join(", ", Learning)} s");
        foreach (var seconds in Learning)
        {
            await JobAsync(cluster, library, quality, seconds);
        }

        Console.WriteLine("| audio, s | estimated, s | took, s | off by | estimated, MB | size, MB | off by |\n|---|---|---|---|---|---|---|");
        var (time, size) = (new List<double>(), new List<double>());
        foreach (var seconds in Measured)
        {
            var (estimate, job) = await JobAsync(cluster, library, quality, seconds);
            var (took, bytes) = (job.Result!.ProcessingSeconds, job.Result.FileSize);
            time.Add(Math.Abs(estimate.Seconds - took) / took);
            size.Add(Math.Abs((double)(estimate.Bytes - bytes)) / bytes);
            Console.Error.WriteLine(string.Join(", ", estimate.Stages.Zip(job.Stages).Select(pair => string.Create(CultureInfo.InvariantCulture, $"{ApiNames.Of(pair.First.Stage)} {pair.First.Seconds:0.0} / {pair.Second.Seconds:0.0}"))));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {job.AudioDuration:0.0} | {estimate.Seconds:0.0} | {took:0.0} | {100 * time[^1]:0} % | {estimate.Bytes / 1e6:0.0} | {bytes / 1e6:0.0} | {100 * size[^1]:0} % |"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"mean absolute error: {100 * time.Average():0} % of the time, {100 * size.Average():0} % of the size"));
        return 0;
    }

    private static async Task<(Estimate Estimate, JobView Job)> JobAsync(BenchCluster cluster, string library, Quality quality, int seconds)
    {
        var id = JobIds.Create();
        var audio = cluster.Data.Audio(id);
        Directory.CreateDirectory(cluster.Data.Upload(id));
        Speak(cluster.Data.Root, audio, seconds);
        var request = new JobRequest
        {
            JobId = id, AudioSha256 = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(audio))), Query = "clip", Quality = quality, MaxShorts = 40,
            LibraryFolder = library, Language = "en", CreatedAt = DateTimeOffset.UtcNow,
        };
        var estimate = await cluster.Grains.GetGrain<IEstimateGrain>(0).EstimateAsync(request, audioSeconds: null);
        var grain = cluster.Grains.GetGrain<IJobGrain>(id);
        var taken = await grain.SubmitAsync(request with { CreatedAt = DateTimeOffset.UtcNow });
        if ((estimate.Failure ?? taken.Failure) is { } failure)
        {
            throw new InvalidOperationException(failure.Message);
        }

        JobView? job = null;
        await Until.HoldsAsync(async () => (job = await grain.GetAsync()) is { CompletedAt: not null }, Within, $"job {id} does not end");
        return job!.Status is JobStatus.Completed ? (estimate.Value!, job) : throw new InvalidOperationException(job.Failure?.Message);
    }

    /// <summary>Speech of about that length, of other words each time: what was heard before is not heard again.</summary>
    private static void Speak(string folder, string path, int seconds)
    {
        string[] words = ["night", "river", "walks", "slowly", "under", "golden", "bridges", "while", "people", "watch", "quiet", "water", "every", "morning", "lights", "shine"];
        var random = new Random(_spoken++);
        var text = Path.Combine(folder, "speech.txt");
        File.WriteAllText(text, string.Join(' ', Enumerable.Range(1, (int)(2.2 * seconds)).Select(index => words[random.Next(words.Length)] + (index % 9 == 0 ? "." : ""))));
        RenderMaterial.Ffmpeg(folder, "-f", "lavfi", "-i", $"flite=textfile={text}:voice=slt", "-f", "wav", path);
    }
}
