using System.Globalization;
using MakeVideo.Contracts;

namespace MakeVideo.Benchmarks.Upstreams;

/// <summary>What a job with slow services gains by running its two branches at once.</summary>
internal static class BranchesBenchmark
{
    private static readonly JobStage[] BeforeRendering = [JobStage.AnalyzingAudio, JobStage.FetchingShorts, JobStage.DownloadingShorts, JobStage.SelectingShorts, JobStage.GeneratingSubtitles];

    /// <param name="jobSeconds">How long a search, a download and a transcription take.</param>
    public static async Task<int> RunAsync(double jobSeconds)
    {
        await using var cluster = await FakedCluster.StartAsync(jobSeconds);
        var submitted = DateTimeOffset.UtcNow;
        var id = await cluster.SubmitAsync();
        var job = await cluster.EndAsync(id);
        var stages = job.Stages.Where(stage => BeforeRendering.Contains(stage.Stage)).ToDictionary(stage => stage.Stage, stage => stage.Seconds ?? 0);
        var rendering = job.Stages.Where(stage => !BeforeRendering.Contains(stage.Stage)).Sum(stage => stage.Seconds ?? 0);
        var whole = (job.CompletedAt!.Value - submitted).TotalSeconds;
        var line = stages.Values.Sum() + rendering;
        Console.WriteLine(string.Join(", ", stages.Select(stage => string.Create(CultureInfo.InvariantCulture, $"{ApiNames.Of(stage.Key)} {stage.Value:0.0} s"))));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"services take {jobSeconds:0.#} s: {whole:0.0} s with both branches at once, {line:0.0} s with the same stages one after the other, {100 * (line - whole) / line:0} % saved"));
        return 0;
    }
}
