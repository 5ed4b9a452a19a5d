using System.Globalization;
using MakeVideo.Benchmarks;
using MakeVideo.Benchmarks.Cluster;

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
    case ["stub-silo", var redis, var data, var slots, var active]:
        return await StubSilo.RunAsync(redis, data, int.Parse(slots, CultureInfo.InvariantCulture), int.Parse(active, CultureInfo.InvariantCulture));
    default:
        Console.Error.WriteLine("""
            usage: ./makevideo bench render [--seconds N] [--rounds N]
                   ./makevideo bench throughput
                   ./makevideo bench overhead
                   ./makevideo bench recovery [--kills N]
            """);
        return 2;
}
