using System.Globalization;
using MakeVideo.Media;
using MakeVideo.Media.BurnedText;
using MakeVideo.Media.Probing;
using Microsoft.Extensions.DependencyInjection;

namespace MakeVideo.Benchmarks.BurnedText;

/// <summary>Precision and recall of the search for burned-in text on the labelled set, and what it costs.</summary>
internal static class BurnedTextBenchmark
{
    /// <param name="folder">Where the set is made and its pictures are kept; null: a temporary one.</param>
    /// <param name="other">The set that nothing was tuned on.</param>
    public static async Task<int> RunAsync(string? folder, bool other)
    {
        var set = LabelledClips.Make(folder ?? Directory.CreateTempSubdirectory("makevideo-burned-text-").FullName, other);
        await using var services = new ServiceCollection().AddLogging().AddMedia().BuildServiceProvider();
        var (probe, check, options) = (services.GetRequiredService<MediaProbe>(), services.GetRequiredService<BurnedTextCheck>(), services.GetRequiredService<BurnedTextOptions>());
        var results = new List<(LabelledClip Clip, double Score, bool Rejected, double Cpu, double Seconds)>();
        foreach (var clip in set)
        {
            var facts = (await probe.ProbeClipAsync(clip.Path, CancellationToken.None)).Value ?? throw new InvalidOperationException(clip.Path);
            var work = Path.GetDirectoryName(set[0].Path)!;
            Contracts.TextFinding? found = null;
            var usage = await Usage.OfAsync(async () =>
            {
                var outcome = await check.LookAsync(clip.Path, facts, Path.Combine(work, "pictures", Path.GetFileName(clip.Path) + ".png"), work, null, CancellationToken.None);
                found = outcome.Value ?? throw new InvalidOperationException(outcome.Failure!.Message);
            });
            var rejected = found!.Score >= options.Threshold;
            results.Add((clip, found.Score, rejected, usage.Cpu, facts.Duration));
            if (rejected != clip.HasText)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"wrong: {Path.GetFileName(clip.Path)} is {(clip.HasText ? "text" : "none")}, score {found.Score:0.00} of {found.Frames} frames"));
            }
        }

        foreach (var kind in results.GroupBy(result => (result.Clip.Kind, result.Clip.HasText)))
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{kind.Key.Kind,-16} {(kind.Key.HasText ? "reject" : "accept")}: right {kind.Count(result => result.Rejected == kind.Key.HasText),2} of {kind.Count(),2}; scores {kind.Min(result => result.Score):0.00} to {kind.Max(result => result.Score):0.00}; CPU per 10 s {10 * kind.Sum(result => result.Cpu) / kind.Sum(result => result.Seconds):0.00} s"));
        }

        var (hits, rejections, texts) = (results.Count(result => result.Rejected && result.Clip.HasText), results.Count(result => result.Rejected), results.Count(result => result.Clip.HasText));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{results.Count} clips, {texts} with text: precision {(double)hits / rejections:0.000}, recall {(double)hits / texts:0.000}; CPU per 10 s of clip {10 * results.Sum(result => result.Cpu) / results.Sum(result => result.Seconds):0.00} s, at most {results.Max(result => 10 * result.Cpu / Math.Max(8, result.Seconds)):0.00} s"));
        return 0;
    }
}
