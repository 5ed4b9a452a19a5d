using System.Globalization;
using MakeVideo.Benchmarks;
using MakeVideo.Benchmarks.BurnedText;
using MakeVideo.Benchmarks.Budgets;
using MakeVideo.Benchmarks.Cluster;
using MakeVideo.Benchmarks.Upstreams;
using MakeVideo.Contracts;

switch (args)
{
    case ["render", .. var options]:
        return await RenderBenchmark.RunAsync(options);
    case ["throughput"]:
        return await ThroughputBenchmark.RunAsync();
    case ["overhead"]:
        return await OverheadBenchmark.RunAsync();
    case ["recovery", .. var options]:
        return await RecoveryBenchmark.RunAsync(options is ["--kills", var kills] ? int.Parse(kills, CultureInfo.InvariantCulture) : 32);
    case ["chaos", .. var options]:
        return options is ["--jobs", var jobs, "--seconds", var seconds]
            ? await ChaosBenchmark.RunAsync(int.Parse(jobs, CultureInfo.InvariantCulture), int.Parse(seconds, CultureInfo.InvariantCulture))
            : await ChaosBenchmark.RunAsync(40, 300);
    case ["scale"]:
        return await ScaleBenchmark.RunAsync();
    case ["cold-start", .. var options]:
        return options is ["--active", var active, "--queued", var queued, "--seconds", var asking]
            ? await ColdStartBenchmark.RunAsync(int.Parse(active, CultureInfo.InvariantCulture), int.Parse(queued, CultureInfo.InvariantCulture), int.Parse(asking, CultureInfo.InvariantCulture))
            : await ColdStartBenchmark.RunAsync(active: 100, queued: 1000, seconds: 30);
    case ["estimate", .. var options]:
        return await EstimateBenchmark.RunAsync(options is ["--quality", var quality] ? ApiNames.Parse<Quality>(quality) ?? Quality.Preview : Quality.Preview);
    case ["streams", .. var options]:
        return options is ["--streams", var streams, "--seconds", var measured]
            ? await StreamsBenchmark.RunAsync(int.Parse(streams, CultureInfo.InvariantCulture), int.Parse(measured, CultureInfo.InvariantCulture))
            : await StreamsBenchmark.RunAsync(streams: 500, seconds: 30);
    case ["burned-text", .. var options]:
        return await BurnedTextBenchmark.RunAsync(options is [.., "--keep", var folder] ? Path.GetFullPath(folder) : null, options is ["--other", ..]);
    case ["outage", .. var options]:
        return await OutageBenchmark.RunAsync(options is ["--seconds", var down] ? int.Parse(down, CultureInfo.InvariantCulture) : 180);
    case ["branches", .. var options]:
        return await BranchesBenchmark.RunAsync(options is ["--service-seconds", var slow] ? double.Parse(slow, CultureInfo.InvariantCulture) : 5, rounds: 3);
    case ["stub-silo", var redis, var data, .. var numbers] when numbers.Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray() is [var slots, var jobsAtOnce, var delay]:
        return await StubSilo.RunAsync(redis, data, slots, jobsAtOnce, delay);
    default:
        Console.Error.WriteLine("""
            usage: ./makevideo bench render [--seconds N] [--rounds N]
                   ./makevideo bench throughput
                   ./makevideo bench overhead
                   ./makevideo bench recovery [--kills N]
                   ./makevideo bench chaos [--jobs N --seconds N]
                   ./makevideo bench scale
                   ./makevideo bench cold-start [--active N --queued N --seconds N]
                   ./makevideo bench streams [--streams N --seconds N]
                   ./makevideo bench outage [--seconds N]
                   ./makevideo bench branches [--service-seconds N]
                   ./makevideo bench estimate [--quality preview|fast|medium|high]
                   ./makevideo bench burned-text [--other] [--keep DIR]
            """);
        return 2;
}
