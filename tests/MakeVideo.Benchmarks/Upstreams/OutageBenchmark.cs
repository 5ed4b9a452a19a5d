using System.Globalization;
using MakeVideo.Contracts;
using MakeVideo.FakeUpstreams.Faults;

namespace MakeVideo.Benchmarks.Upstreams;

/// <summary>What an outage of the downloader costs twenty jobs, with the breaker and with one that never opens.</summary>
internal static class OutageBenchmark
{
    private const int Jobs = 20;
    private const string Downloader = "video-downloader";

    /// <param name="seconds">How long it is down.</param>
    public static async Task<int> RunAsync(int seconds)
    {
        var with = await MeasureAsync(seconds, "with breaker");
        var without = await MeasureAsync(seconds, "without breaker", ("Upstreams:VideoDownloader:Failures", "1000000"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"calls saved: {100.0 * (without - with) / without:0.0} %"));
        return 0;
    }

    private static async Task<int> MeasureAsync(int seconds, string name, params (string Name, string Value)[] settings)
    {
        await using var cluster = await FakedCluster.StartAsync(jobSeconds: 0, settings);
        cluster.Fakes.Faults.Add(new() { Kind = FaultKinds.Status, Service = Downloader });
        var jobs = await Task.WhenAll(Enumerable.Range(0, Jobs).Select(_ => cluster.SubmitAsync()));
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        cluster.Fakes.Faults.Clear();
        var mended = DateTimeOffset.UtcNow;
        var ended = await Task.WhenAll(jobs.Select(cluster.EndAsync));
        var calls = cluster.Fakes.Calls.All.Where(call => call.Service == Downloader).ToList();
        var during = calls.Count(call => call.At < mended);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {during} calls in {seconds} s of outage, the first after it {(calls.First(call => call.At >= mended).At - mended).TotalSeconds:0.0} s later, {ended.Count(job => job.Status is JobStatus.Completed)} of {Jobs} jobs completed"));
        return during;
    }
}
