using System.Diagnostics;

namespace MakeVideo.EndToEndTests.Cluster;

/// <summary>All silos die with more jobs at work than anybody runs, and start again.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ColdStartTests
{
    [Fact]
    public async Task Five_hundred_jobs_wake_while_the_api_answers()
    {
        // The benchmark's own cluster: real processes and a real Redis, the jobs' tools stubbed. It fails by itself when a read does, or a job stays asleep.
        var configuration = Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!;
        var benchmarks = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../MakeVideo.Benchmarks/bin", configuration, Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "MakeVideo.Benchmarks.dll"));
        using var run = Process.Start(new ProcessStartInfo("timeout", ["300", "dotnet", benchmarks, "cold-start", "--active", "500", "--queued", "0", "--seconds", "10"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await run.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(run.ExitCode == 0, $"{output}\n{await errors}");
        Assert.Contains("| at work afterwards | 500 |", output, StringComparison.Ordinal);
        TestContext.Current.TestOutputHelper?.WriteLine(output);
    }
}
