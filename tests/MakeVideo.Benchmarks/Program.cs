using MakeVideo.Benchmarks;

switch (args)
{
    case ["render", .. var options]:
        return await RenderBenchmark.RunAsync(options);
    default:
        Console.Error.WriteLine("usage: ./makevideo bench render [--seconds N] [--rounds N]");
        return 2;
}
