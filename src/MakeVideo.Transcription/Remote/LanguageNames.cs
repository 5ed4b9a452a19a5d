using System.Collections.Frozen;

namespace MakeVideo.Transcription.Remote;

internal static class LanguageNames
{
    // Whisper's names of the languages that it hears best, and of Europe's; its answers name them so (openai/whisper, tokenizer.py).
    private const string Known =
        "en english zh chinese de german es spanish ru russian ko korean fr french ja japanese pt portuguese tr turkish pl polish ca catalan nl dutch ar arabic "
        + "sv swedish it italian id indonesian hi hindi fi finnish vi vietnamese he hebrew uk ukrainian el greek ms malay cs czech ro romanian da danish hu hungarian "
        + "ta tamil no norwegian th thai ur urdu hr croatian bg bulgarian lt lithuanian la latin cy welsh sk slovak te telugu fa persian lv latvian bn bengali "
        + "sr serbian az azerbaijani sl slovenian kn kannada et estonian mk macedonian br breton eu basque is icelandic hy armenian ne nepali mn mongolian bs bosnian "
        + "kk kazakh sq albanian sw swahili gl galician mr marathi pa punjabi si sinhala km khmer af afrikaans be belarusian ka georgian gu gujarati tl tagalog ga irish";

    private static readonly FrozenDictionary<string, string> Codes =
        Known.Split(' ').Chunk(2).ToFrozenDictionary(pair => pair[1], pair => pair[0], StringComparer.OrdinalIgnoreCase);

    /// <summary>ISO 639-1 of what an engine says it heard (<c>en</c>, <c>pt-BR</c>, <c>english</c>); what was asked for when it says nothing usable.</summary>
    /// <param name="heard">The engine's word.</param>
    /// <param name="asked"><c>auto</c> or a code.</param>
    public static string Of(string? heard, string asked)
    {
        var code = heard is null ? null : Codes.GetValueOrDefault(heard.Trim()) ?? LanguageCode.Normalize(heard);
        return code is not null and not LanguageCode.Auto ? code
            : LanguageCode.Normalize(asked) is { } wanted and not LanguageCode.Auto ? wanted
            : LanguageCode.Undetermined;
    }
}
