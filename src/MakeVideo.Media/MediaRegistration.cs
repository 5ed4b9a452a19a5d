using MakeVideo.Media.Audio;
using MakeVideo.Media.BurnedText;
using MakeVideo.Media.Probing;
using MakeVideo.Media.Processes;
using MakeVideo.Media.Rendering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MakeVideo.Media;

/// <summary>Adds all that runs ffmpeg.</summary>
internal static class MediaRegistration
{
    public static IServiceCollection AddMedia(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new MediaOptions());
        services.TryAddSingleton(new BurnedTextOptions());
        services.AddMetrics();
        services.TryAddSingleton<FfmpegMeter>();
        services.TryAddSingleton<IProcessRunner, FfmpegProcess>();
        services.AddSingleton<ChildSweep>();
        services.AddSingleton<MediaProbe>();
        services.AddSingleton<ClipStill>();
        services.AddSingleton<TextDetector>();
        services.AddSingleton<BurnedTextCheck>();
        services.AddSingleton<AudioDecode>();
        services.AddSingleton<RenderTools>();
        services.AddSingleton<SegmentRender>();
        services.AddSingleton<Culprits>();
        services.AddSingleton<Soundtrack>();
        services.AddSingleton<Composition>();
        services.AddSingleton<MediaDoctor>();
        return services;
    }
}
