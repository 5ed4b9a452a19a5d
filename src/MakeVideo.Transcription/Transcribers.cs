using MakeVideo.Contracts;

namespace MakeVideo.Transcription;

/// <summary>The engines of this silo.</summary>
/// <param name="engines">In order of preference: the first is what <c>auto</c> means.</param>
internal sealed class Transcribers(IEnumerable<ITranscriber> engines)
{
    private readonly ITranscriber[] _engines = [.. engines];

    /// <summary>The engine for a language, or LanguageUnsupported that names the engines that could.</summary>
    /// <param name="language"><c>auto</c> or ISO 639-1; a region is ignored.</param>
    public Outcome<ITranscriber> For(string language)
    {
        var code = LanguageCode.Normalize(language);
        if (code is null)
        {
            return Unsupported($"'{Shorten(language)}' is not a language code: use auto or two letters of ISO 639-1 such as en or pt");
        }

        var engine = code == LanguageCode.Auto
            ? _engines.FirstOrDefault()
            : Array.Find(_engines, candidate => candidate.Languages.IsEmpty || candidate.Languages.Contains(code));
        return engine is null ? Unsupported(Alternatives(code)) : Outcome<ITranscriber>.Of(engine);
    }

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
