using System.Text;
using MakeVideo.Contracts;

namespace MakeVideo.Transcription;

/// <summary>A script's bytes -> text with line feeds only; anything that is no text is refused with what to do.</summary>
internal static class ScriptText
{
    /// <summary>An hour of fast speech is 60 KB; a megabyte leaves room for mark-up.</summary>
    public const int MostBytes = 1 << 20;

    /// <summary>UTF-8, or UTF-16 where a byte order mark says so.</summary>
    public static Outcome<string> Read(byte[] script)
    {
        if (script.Length > MostBytes)
        {
            return Invalid($"it has {script.Length} bytes, more than {MostBytes}: shorten it");
        }

        var encoding = script is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..]
            ? new UnicodeEncoding(bigEndian: script[0] == 0xFE, byteOrderMark: true, throwOnInvalidBytes: true)
            : (Encoding)new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
        string text;
        try
        {
            text = encoding.GetString(script);
        }
        catch (DecoderFallbackException broken)
        {
            return Invalid($"byte {broken.Index} is not {encoding.WebName.ToUpperInvariant()} text: save it as UTF-8");
        }

        text = text.TrimStart('\uFEFF').ReplaceLineEndings("\n");
        if (text.FirstOrDefault(letter => char.IsControl(letter) && letter is not ('\n' or '\t')) is not '\0' and var control)
        {
            return Invalid($"it holds the control character U+{(int)control:X4}, so it is no text: give SRT, VTT or plain text");
        }

        if (text.Contains('\0', StringComparison.Ordinal))
        {
            return Invalid("it holds zero bytes, so it is no text: give SRT, VTT or plain text in UTF-8");
        }

        return string.IsNullOrWhiteSpace(text) ? Invalid("it is empty: give SRT, VTT or plain text with the spoken words, or leave it out") : text;
    }

    /// <summary>The one shape of all complaints about a script.</summary>
    public static JobFailure Invalid(string why) => new(FailureCodes.ScriptInvalid, JobStage.GeneratingSubtitles, "script: " + why);
}
