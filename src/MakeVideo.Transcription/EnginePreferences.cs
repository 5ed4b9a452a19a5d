using System.Collections.Immutable;
using MakeVideo.Sources.Http;
using Microsoft.Extensions.Configuration;

namespace MakeVideo.Transcription;

/// <summary>Which engines are asked first. From <c>Transcription:Engines</c> (all languages) and <c>Transcription:Languages:pt</c> (one): names, separated by commas.</summary>
internal sealed record EnginePreferences
{
    /// <summary>For every language without an order of its own; empty: as registered.</summary>
    public ImmutableArray<string> Engines { get; init; } = [];

    /// <summary>By ISO 639-1 or <c>auto</c>.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>> Languages { get; init; } = ImmutableDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>Reads the settings.</summary>
    /// <param name="settings">Of the process.</param>
    /// <param name="known">Names of the engines that are set up; others are mistakes.</param>
    /// <exception cref="SettingException">An engine that is not known or not set up, or no language.</exception>
    public static EnginePreferences Read(IConfiguration settings, IReadOnlyCollection<string> known)
    {
        var section = settings.GetSection("Transcription");
        return new()
        {
            Engines = Names("Engines", section["Engines"]),
            Languages = section.GetSection("Languages").GetChildren().ToImmutableDictionary(
                language => LanguageCode.Normalize(language.Key) ?? throw new SettingException($"The setting Transcription:Languages:{language.Key} is for no language: use auto or two letters of ISO 639-1."),
                language => Names($"Languages:{language.Key}", language.Value)),
        };

        ImmutableArray<string> Names(string name, string? list)
        {
            ImmutableArray<string> names = [.. (list ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
            return names.FirstOrDefault(engine => !known.Contains(engine)) is { } stranger
                ? throw new SettingException($"The setting Transcription:{name} names the engine '{stranger}', which is not set up here; these are: {string.Join(", ", known)}.")
                : names;
        }
    }

    /// <summary>The engines for a language, first choice first. With an order, only those that it names.</summary>
    public IEnumerable<ITranscriber> Order(IReadOnlyList<ITranscriber> engines, string language)
    {
        var order = Languages.GetValueOrDefault(language, Engines);
        return order.IsDefaultOrEmpty ? engines : order.SelectMany(name => engines.Where(engine => engine.Name == name)).Distinct();
    }
}
