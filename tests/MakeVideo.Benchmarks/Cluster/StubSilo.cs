using MakeVideo.Grains.Cluster;
using MakeVideo.Media;
using MakeVideo.Media.BurnedText;
using MakeVideo.Media.Processes;
using MakeVideo.Sources;
using MakeVideo.Transcription;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MakeVideo.Benchmarks.Cluster;

/// <summary>A silo whose jobs cost nothing but the cluster's own work; a process of its own, as silos are.</summary>
internal static class StubSilo
{
    public static async Task<int> RunAsync(string redis, string data, int slots, int activeJobs, int segmentSeconds)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning);
        builder.AddMakeVideoSilo(
            new() { Redis = redis, Data = new(data), GatewayPort = FreePort.Next() },
            new() { Slots = slots, ActiveJobs = activeJobs });
        builder.Services.AddSingleton<IProcessRunner>(new StubTools(TimeSpan.FromSeconds(segmentSeconds)));
        builder.Services.AddSingleton(new BurnedTextOptions { Enabled = false });
        builder.Services.AddMedia();
        builder.Services.AddSingleton<StubSpeech>();
        builder.Services.AddSingleton<ISpeechDetector>(provider => provider.GetRequiredService<StubSpeech>());
        builder.Services.AddSingleton<ITranscriber>(provider => provider.GetRequiredService<StubSpeech>());
        builder.Services.AddSingleton<Transcribers>();
        builder.Services.AddSingleton<IFootageSource, StubFootage>();
        builder.Services.AddSingleton<SourceOrder>();
        await builder.Build().RunAsync();
        return 0;
    }
}
