using System.Globalization;
using MakeVideo.FakeUpstreams;

// fake-upstreams --clips DIR [--urls http://127.0.0.1:PORT] [--copies N] [--job-seconds S]: prints its address, the settings that make MakeVideo use it, one a line, and an empty line when it is ready.
var options = new FakeOptions { Clips = Value("--clips") ?? throw new ArgumentException("--clips DIR is missing") };
options = options with
{
    Urls = Value("--urls") ?? options.Urls,
    Copies = int.Parse(Value("--copies") ?? "1", CultureInfo.InvariantCulture),
    JobSeconds = double.Parse(Value("--job-seconds") ?? "1", CultureInfo.InvariantCulture),
};
await using var fakes = await FakeUpstreamServer.StartAsync(options);
Console.WriteLine($"FAKES={fakes.Root}");
foreach (var (name, value) in fakes.Settings())
{
    Console.WriteLine($"MAKEVIDEO_{name.Replace(":", "__", StringComparison.Ordinal)}={value}");
}

Console.WriteLine();
await fakes.WaitAsync();

string? Value(string name) => Array.IndexOf(args, name) is >= 0 and var index && index + 1 < args.Length ? args[index + 1] : null;
