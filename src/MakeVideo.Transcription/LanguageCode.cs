namespace MakeVideo.Transcription;

/// <summary>Language as clients write it: <c>auto</c>, <c>en</c>, <c>pt-BR</c>.</summary>
internal static class LanguageCode
{
    /// <summary>Let the engine tell, or take its default.</summary>
    public const string Auto = "auto";

    /// <summary>What a script says in no declared language; ISO 639-2's code for "undetermined".</summary>
    public const string Undetermined = "und";

    /// <summary><c>auto</c> or two lower-case letters; null when it is neither. A region (<c>pt-BR</c>, <c>en_US</c>) is dropped.</summary>
    public static string? Normalize(string? language)
    {
        var code = (language ?? "").Trim().ToLowerInvariant();
        if (code is "" or Auto)
        {
            return Auto;
        }

        var dash = code.AsSpan().IndexOfAny('-', '_');
        var (primary, region) = dash < 0 ? (code, "") : (code[..dash], code[(dash + 1)..]);
        var wellFormed = primary.Length == 2 && primary.All(char.IsAsciiLetterLower)
            && (dash < 0 || (region.Length is >= 2 and <= 8 && region.All(char.IsAsciiLetterOrDigit)));
        return wellFormed ? primary : null;
    }
}
