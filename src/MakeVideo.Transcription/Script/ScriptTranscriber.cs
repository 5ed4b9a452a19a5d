using System.Collections.Immutable;
using System.Text;
using MakeVideo.Contracts;

namespace MakeVideo.Transcription;

/// <summary>The user's own words: SubRip, WebVTT or plain text.</summary>
internal sealed class ScriptTranscriber : ITranscriber
{
    public const string EngineName = "script";

    /// <summary>An hour of fast speech is 60 KB; a megabyte leaves room for mark-up.</summary>
    public const int MostBytes = 1 << 20;

    private readonly ImmutableArray<ScriptCue> _cues;
    private readonly ImmutableArray<string> _text;

    private ScriptTranscriber(ImmutableArray<ScriptCue> cues, ImmutableArray<string> text) => (_cues, _text) = (cues, text);

    public string Name => EngineName;

    public ImmutableArray<string> Languages => [];

    /// <summary>Parses; ScriptInvalid when it is none of the three, empty, or not UTF-8.</summary>
    public static Outcome<ITranscriber> Create(byte[] script)
    {
        if (script.Length > MostBytes)
        {
            return Invalid($"The script has {script.Length} bytes; at most {MostBytes} are taken. Shorten it.");
        }

        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(script).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            return Invalid("The script is not UTF-8 text. Save it as UTF-8 and send it again.");
        }

        if (text.Any(letter => letter < ' ' && letter is not ('\n' or '\r' or '\t')))
        {
            return Invalid("The script is no text: it has control characters. Send SRT, VTT or plain text.");
        }

        if (ScriptCues.LooksTimed(text))
        {
            var cues = ScriptCues.Parse(text);
            return cues.Failed ? cues.Failure : Outcome<ITranscriber>.Of(new ScriptTranscriber(cues.Value, []));
        }

        var words = Words(text);
        return words.Length == 0
            ? Invalid("The script is empty. Send SRT, VTT or plain text with the spoken words, or leave it out.")
            : Outcome<ITranscriber>.Of(new ScriptTranscriber([], words));
    }

    public Task<Outcome<Transcript>> TranscribeAsync(
        SpeechAudio audio, ImmutableArray<SpeechSpan> speech, string language, IProgress<double>? progress, CancellationToken cancellation)
    {
        var spans = speech.IsEmpty ? [new SpeechSpan(0, audio.Duration)] : speech;
        var words = _cues.IsEmpty ? Untimed(spans) : Timed(audio.Duration);

        // Cues that the user timed are shown when he says, heard as speech or not.
        var shown = _cues.IsEmpty ? spans : [.. _cues.Where(cue => cue.Start < audio.Duration).Select(cue => new SpeechSpan(cue.Start, Math.Min(cue.End, audio.Duration)))];
        progress?.Report(1);
        Outcome<Transcript> transcript = new Transcript(LanguageCode.Normalize(language) is { } code and not LanguageCode.Auto ? code : LanguageCode.Undetermined, Name, words, shown);
        return Task.FromResult(transcript);
    }

    // Nobody heard them apart: only the pace of speech says which words fall where.
    private ImmutableArray<Word> Untimed(ImmutableArray<SpeechSpan> spans) =>
        [.. SpanWords.AtEvenPace(_text, spans).Zip(spans).SelectMany(part => WordTimes.Lay(part.First, part.Second))];

    private ImmutableArray<Word> Timed(double duration) =>
    [
        .. _cues.Where(cue => cue.Start < duration)
            .SelectMany(cue => WordTimes.Lay(Words(cue.Text), new(cue.Start, Math.Min(cue.End, duration)))),
    ];

    private static ImmutableArray<string> Words(string text) => [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];

    private static JobFailure Invalid(string message) => new(FailureCodes.ScriptInvalid, JobStage.GeneratingSubtitles, message);
}
