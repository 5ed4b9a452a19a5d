using Microsoft.Extensions.DependencyInjection;

namespace MakeVideo.Transcription;

/// <summary>Adds speech detection and the embedded engine.</summary>
internal static class TranscriptionRegistration
{
    /// <summary>Registers <see cref="ModelFiles"/>, <see cref="ISpeechDetector"/>, the engines and <see cref="Transcribers"/>; models load at first use.</summary>
    public static IServiceCollection AddTranscription(this IServiceCollection services, TranscriptionOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<ModelFiles>();
        services.AddSingleton<ISpeechDetector, SileroSpeechDetector>();
        // The first engine is the one that `auto` means.
        services.AddSingleton<ITranscriber, MoonshineTranscriber>();
        services.AddSingleton<Transcribers>();
        return services;
    }
}
