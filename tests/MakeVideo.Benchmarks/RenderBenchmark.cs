using System.Collections.Immutable;
using System.Globalization;
using MakeVideo.Contracts;
using MakeVideo.Grains.Jobs;
using MakeVideo.Media;
using MakeVideo.Media.Probing;
using MakeVideo.Media.Processes;
using MakeVideo.Media.Rendering;
using Microsoft.Extensions.DependencyInjection;

namespace MakeVideo.Benchmarks;

/// <summary>
/// Rendering at full size: ours, against one hand-written ffmpeg command with the same filters and encoder settings (the limit), and against
/// the replaced service's recipe. Interleaved, in another order each round, so that a busy machine is busy for all; the table has medians, and the
/// ratio is the median of the rounds' own ratios, as a machine's speed drifts from round to round.
/// </summary>
internal static class RenderBenchmark
{
    private const int Slots = 2;

    private sealed record Row(string Name, int Round, Usage Usage, long Memory, int FrameError);

    public static async Task<int> RunAsync(string[] options)
    {
        var seconds = Option(options, "--seconds", 24);
        var rounds = Option(options, "--rounds", 5);
        var folder = Directory.CreateTempSubdirectory("makevideo-bench-").FullName;
        await using var services = new ServiceCollection().AddLogging().AddMedia().BuildServiceProvider();
        try
        {
            var material = RenderMaterial.Make(folder, seconds);
            var contenders = new (string Name, Func<string, Task> Work)[]
            {
                ("MakeVideo", target => OursAsync(services, material, target)),
                ("one ffmpeg command", target => Task.Run(() => Plain(material, target))),
                ("the replaced service's recipe", target => Task.Run(() => Reference(material, target))),
            };
            var rows = new List<Row>();
            for (var round = 0; round < rounds; round++)
            {
                foreach (var (name, work) in contenders.Skip(round % contenders.Length).Concat(contenders.Take(round % contenders.Length)))
                {
                    var target = Path.Combine(folder, $"{rows.Count}.mp4");
                    using var memory = new PeakMemory();
                    var usage = await Usage.OfAsync(() => work(target));
                    var scan = await services.GetRequiredService<MediaProbe>().ScanAsync(target, "v:0", CancellationToken.None);
                    rows.Add(new(name, round, usage, memory.Bytes, (int)Math.Round(scan.Duration * material.Format.FramesPerSecond) - material.Frames));
                    Console.Error.WriteLine($"round {round + 1}/{rounds}: {name} {usage.Cpu:0.0} s of CPU in {usage.Wall:0.0} s");
                }
            }

            Print(rows, contenders.Select(contender => contender.Name).ToArray(), seconds);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task OursAsync(IServiceProvider services, RenderMaterial material, string target)
    {
        var render = services.GetRequiredService<SegmentRender>();
        var attempt = Directory.CreateDirectory(target + ".work").FullName;
        var stretches = Timeline.Segments(material.Timeline);
        var rendered = new RenderedSegment[stretches.Length];
        await Parallel.ForEachAsync(Enumerable.Range(0, stretches.Length), new ParallelOptions { MaxDegreeOfParallelism = Slots }, async (index, cancellation) =>
        {
            var stretch = stretches[index];
            var spec = material.Spec(stretch, material.Captions.Cut(stretch.First, stretch.Frames));
            var path = Path.Combine(attempt, await render.HashAsync(spec, cancellation) + ".mp4");
            var outcome = await render.RenderAsync(spec, attempt, path, null, cancellation);
            rendered[index] = outcome.Failed ? throw new InvalidOperationException(outcome.Failure.Message) : new(path, stretch.Frames);
        });
        var soundtrack = await services.GetRequiredService<Soundtrack>().EncodeAsync(material.Audio, material.Frames, material.Format, attempt, Path.Combine(attempt, "soundtrack.mp4"), CancellationToken.None);
        var composed = await services.GetRequiredService<Composition>().ComposeAsync(
            [.. rendered], soundtrack.Value!, material.Format, material.Frames, attempt, target, null, CancellationToken.None);
        if (composed.Failed)
        {
            throw new InvalidOperationException(composed.Failure.Message);
        }
    }

    private static void Plain(RenderMaterial material, string target)
    {
        var whole = material.Spec(new(0, material.Frames, material.Timeline), material.Captions.ToString());
        File.WriteAllText(Path.Combine(material.Folder, FilterGraph.Captions), whole.Captions);
        var encoder = EncoderSettings.Arguments(Quality.Fast, material.Format.FramesPerSecond).Where(argument => argument is not "-an");
        RenderMaterial.Ffmpeg(
            material.Folder,
            [
                .. whole.Slices.SelectMany(slice => new[] { "-ss", Text(slice.SourceStart), "-t", Text((slice.Frames / 30.0) + 0.5), "-i", slice.ClipPath }),
                "-i", material.Audio, "-filter_complex", FilterGraph.Of(whole), "-map", "[out]", "-map", $"{whole.Slices.Length}:a",
                "-c:a", "aac", "-b:a", "192k", "-ac", "2", "-ar", "48000", .. encoder, "-movflags", "+faststart", target,
            ]);
    }

    private static void Reference(RenderMaterial material, string target)
    {
        var (list, joined, voiced, burned) = (target + ".txt", target + ".joined.mp4", target + ".voiced.mp4", target + ".burned.mp4");
        var (width, height) = (material.Format.Width, material.Format.Height);
        File.WriteAllText(Path.Combine(material.Folder, FilterGraph.Captions), material.Captions.ToString());

        // It joined whole clips; the same stretches are taken here, or it would encode several times as much.
        File.WriteAllLines(list, material.Timeline.SelectMany(slice => new[] { $"file '{material.Clips[slice.Candidate]}'", $"inpoint {Text(slice.Start / 30.0)}", $"outpoint {Text((slice.Start + slice.Frames) / 30.0)}" }));
        RenderMaterial.Ffmpeg(
            material.Folder, "-f", "concat", "-safe", "0", "-i", list, "-vf", $"scale={width}:{height}:force_original_aspect_ratio=increase,crop={width}:{height}",
            "-c:v", "libx264", "-preset", "fast", "-crf", "23", "-pix_fmt", "yuv420p", "-an", joined);
        RenderMaterial.Ffmpeg(material.Folder, "-i", joined, "-i", material.Audio, "-map", "0:v", "-map", "1:a", "-c:v", "copy", "-c:a", "aac", "-b:a", "192k", voiced);
        RenderMaterial.Ffmpeg(material.Folder, "-i", voiced, "-vf", $"ass={FilterGraph.Captions}", "-c:a", "copy", burned);
        RenderMaterial.Ffmpeg(material.Folder, "-i", burned, "-t", Text(material.Frames / 30.0), "-c", "copy", target);
    }

    private static void Print(List<Row> rows, string[] names, int seconds)
    {
        var limit = rows.Where(row => row.Name == names[1]).ToDictionary(row => row.Round, row => row.Usage.Cpu);
        Console.WriteLine($"{seconds} s at 1080x1920, preset fast, {Environment.ProcessorCount} cores, medians of {rows.Count / names.Length} rounds:");
        Console.WriteLine();
        Console.WriteLine("| | CPU s | CPU, ratio | wall s | peak memory MB | length off by, frames |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var name in names)
        {
            var own = rows.Where(row => row.Name == name).ToArray();
            var (cpu, ratio) = (Median(own.Select(row => row.Usage.Cpu)), Median(own.Select(row => row.Usage.Cpu / limit[row.Round])));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {cpu:0.0} | {ratio:0.00} | {Median(own.Select(row => row.Usage.Wall)):0.0} | {Median(own.Select(row => row.Memory / 1e6)):0} | {own[0].FrameError} |"));
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private static int Option(string[] options, string name, int otherwise) =>
        Array.IndexOf(options, name) is >= 0 and var index && index + 1 < options.Length && int.TryParse(options[index + 1], out var value) ? value : otherwise;

    private static string Text(double seconds) => seconds.ToString("0.######", CultureInfo.InvariantCulture);
}
