using System.Globalization;
using MakeVideo.Contracts;
using MakeVideo.FakeUpstreams.Faults;

namespace MakeVideo.Benchmarks.Upstreams;

/// <summary>What a job with slow services gains by running its two branches at once: beside a run whose search is answered only when its speech is done.</summary>
internal static class BranchesBenchmark
{
    /// <param name="jobSeconds">How long a search, a download and a transcription take.</param>
    /// <param name="rounds">Of both, in turn; the median is told.</param>
    public static async Task<int> RunAsync(double jobSeconds, int rounds)
    {
        var (together, apart) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            together.Add(await MeasureAsync(jobSeconds, inTurn: false));
            apart.Add(await MeasureAsync(jobSeconds, inTurn: true));
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round + 1}: {together[^1]:0.0} s at once, {apart[^1]:0.0} s one after the other"));
        }

        var (one, other) = (Median(together), Median(apart));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"services take {jobSeconds:0.#} s: {one:0.0} s with both branches at once, {other:0.0} s one after the other, {100 * (other - one) / other:0} % saved"));
        return 0;
    }

    private static async Task<double> MeasureAsync(double jobSeconds, bool inTurn)
    {
        await using var cluster = await FakedCluster.StartAsync(jobSeconds);
        if (inTurn)
        {
            cluster.Fakes.Faults.Add(new() { Kind = FaultKinds.Held, Service = "youtube-search" });
        }

        var submitted = DateTimeOffset.UtcNow;
        var id = await cluster.SubmitAsync();
        if (inTurn)
        {
            await cluster.UntilAsync(id, job => job.Stages.Single(stage => stage.Stage is JobStage.GeneratingSubtitles).Status is StageStatus.Completed);
            cluster.Fakes.Faults.Clear();
        }

        return ((await cluster.EndAsync(id)).CompletedAt!.Value - submitted).TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
