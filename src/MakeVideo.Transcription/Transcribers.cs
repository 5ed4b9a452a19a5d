using MakeVideo.Contracts;

namespace MakeVideo.Transcription;

/// <summary>The engines of this silo.</summary>
/// <param name="engines">In order of preference, unless the preferences say otherwise: the first is what <c>auto</c> means.</param>
/// <param name="preferences">From the settings.</param>
internal sealed class Transcribers(IEnumerable<ITranscriber> engines, EnginePreferences? preferences = null)
{
    private readonly ITranscriber[] _engines = [.. engines];
    private readonly EnginePreferences _preferences = preferences ?? new();

    /// <summary>
    /// The engine for a language, or LanguageUnsupported that names the engines that could. Where several can, the answer asks them in order of preference:
    /// the next when one is not available.
    /// </summary>
    /// <param name="language"><c>auto</c> or ISO 639-1; a region is ignored.</param>
    public Outcome<ITranscriber> For(string language)
    {
        var code = LanguageCode.Normalize(language);
        if (code is null)
        {
            return Unsupported($"'{Shorten(language)}' is not a language code: use auto or two letters of ISO 639-1 such as en or pt");
        }

        var able = Able(code);
        if (code == LanguageCode.Auto)
        {
            // One that knows a single language must not stand in for one that can tell languages apart: it would hear nonsense, and say so in captions.
            able = [.. able.Where((engine, index) => index == 0 || engine.Languages.IsEmpty)];
        }

        return able switch
        {
            [] => Unsupported(Alternatives(code)),
            [var only] => Outcome<ITranscriber>.Of(only),
            _ => Outcome<ITranscriber>.Of(new FallbackTranscriber([.. able])),
        };
    }

    /// <summary>Name of the engine that is asked first for a language; null when none could.</summary>
    public string? FirstFor(string language) => LanguageCode.Normalize(language) is { } code && Able(code) is [var first, ..] ? first.Name : null;

    private ITranscriber[] Able(string code) =>
        [.. _preferences.Order(_engines, code).Where(engine => code == LanguageCode.Auto || engine.Languages.IsEmpty || engine.Languages.Contains(code))];

    private string Alternatives(string code)
    {
        var spoken = string.Join("; ", _engines.Select(engine => $"{engine.Name} understands {string.Join(", ", engine.Languages)}"));
        return $"no speech engine here understands '{code}' ({(spoken.Length == 0 ? "none is configured" : spoken)}): "
            + $"give the words yourself (engine {ScriptTranscriber.EngineName}: SRT, VTT or plain text, any language) or set up an engine for '{code}'";
    }

    private static JobFailure Unsupported(string message) => new(FailureCodes.LanguageUnsupported, JobStage.GeneratingSubtitles, message);

    // It came from a client and goes into one line of text.
    private static string Shorten(string text)
    {
        var line = string.Concat(text.Where(letter => !char.IsControl(letter)));
        return line.Length <= 20 ? line : line[..20] + "…";
    }
}
