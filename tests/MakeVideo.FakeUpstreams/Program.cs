using System.Globalization;
using MakeVideo.FakeUpstreams;

// fake-upstreams --clips DIR [--urls http://127.0.0.1:PORT] [--copies N] [--job-seconds S]: prints the settings that make MakeVideo use it, one a line.
var options = new FakeOptions { Clips = Value("--clips") ?? throw new ArgumentException("--clips DIR is missing") };
options = options with
{
    Urls = Value("--urls") ?? options.Urls,
    Copies = int.Parse(Value("--copies") ?? "1", CultureInfo.InvariantCulture),
    JobSeconds = double.Parse(Value("--job-seconds") ?? "1", CultureInfo.InvariantCulture),
};
await using var fakes = await FakeUpstreamServer.StartAsync(options);
foreach (var (name, value) in fakes.Settings())
{
    Console.WriteLine($"{name.Replace(":", "__", StringComparison.Ordinal)}={value}");
}

Console.WriteLine();
await fakes.WaitAsync();

string? Value(string name) => Array.IndexOf(args, name) is >= 0 and var index && index + 1 < args.Length ? args[index + 1] : null;
