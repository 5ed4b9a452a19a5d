using MakeVideo.Contracts;
using MakeVideo.Sources.Http;
using MakeVideo.Transcription.AudioTranscriber;
using MakeVideo.Transcription.OpenAi;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MakeVideo.Transcription;

/// <summary>Adds speech detection and the engines.</summary>
internal static class TranscriptionRegistration
{
    // Failures that open its breaker in the replaced service; few files at once, as each keeps a model busy.
    private static readonly UpstreamLimits Engine = new(Concurrency: 4, Failures: 3);

    /// <summary>
    /// Registers <see cref="ModelFiles"/>, <see cref="ISpeechDetector"/>, the engines and <see cref="Transcribers"/>; models load at first use. Engines that the
    /// settings name (<see cref="UpstreamSettings"/>) come before the embedded one, which knows English only: who sets one up wants it used.
    /// </summary>
    /// <exception cref="SettingException">A setting that makes no sense.</exception>
    public static IServiceCollection AddTranscription(this IServiceCollection services, TranscriptionOptions options, IConfiguration? settings = null)
    {
        services.AddSingleton(options);
        services.AddSingleton<ModelFiles>();
        services.AddSingleton<ISpeechDetector, SileroSpeechDetector>();

        // The first engine is the one that `auto` means.
        var engines = settings is null ? [] : services.AddUpstreams().AddEngines(new UpstreamSettings(settings));
        services.AddSingleton<ITranscriber, MoonshineTranscriber>();
        services.AddSingleton(settings is null ? new() : EnginePreferences.Read(settings, [.. engines, MoonshineTranscriber.EngineName]));
        services.AddSingleton<Transcribers>();
        return services;
    }

    private static List<string> AddEngines(this IServiceCollection services, UpstreamSettings settings)
    {
        var names = new List<string>();
        if (settings.Read("AudioTranscriber", AudioTranscriberEngine.EngineName, Engine) is { } service)
        {
            // An upload may take minutes, and is tried again.
            var patient = service with { Timeouts = service.Timeouts with { Total = TimeSpan.FromMinutes(10) } };
            services.AddSingleton<ITranscriber>(provider => new AudioTranscriberEngine(provider.GetRequiredService<UpstreamClients>().For(patient), provider.GetRequiredService<TimeProvider>()));
            names.Add(AudioTranscriberEngine.EngineName);
        }

        if (settings.Read("OpenAi", OpenAiTranscriber.EngineName, Engine, settings.Text("OpenAi:Key") is null ? null : "https://api.openai.com") is { } openAi)
        {
            var options = new OpenAiOptions { Key = settings.Text("OpenAi:Key") };
            options = settings.Text("OpenAi:Model") is { } model ? options with { Model = model } : options;
            var patient = openAi with { Retries = 2, Timeouts = openAi.Timeouts with { Total = 3 * options.AnswerWithin } };
            services.AddSingleton<ITranscriber>(provider => new OpenAiTranscriber(provider.GetRequiredService<UpstreamClients>().For(patient), options));
            names.Add(OpenAiTranscriber.EngineName);
        }

        return names;
    }
}
