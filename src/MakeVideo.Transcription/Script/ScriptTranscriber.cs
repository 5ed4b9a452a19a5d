using System.Collections.Immutable;
using MakeVideo.Contracts;

namespace MakeVideo.Transcription;

/// <summary>The user's own words: SRT, VTT or plain text, in any language. Times that the user gave are used as they are; the rest comes from the speech.</summary>
internal sealed class ScriptTranscriber : ITranscriber
{
    public const string EngineName = "script";

    // An hour at five words a second, and some.
    private const int MostWords = 20_000;

    private readonly ImmutableArray<ScriptCue> _cues;
    private readonly ImmutableArray<string> _words;

    private ScriptTranscriber(ImmutableArray<ScriptCue> cues, ImmutableArray<string> words) => (_cues, _words) = (cues, words);

    public string Name => EngineName;

    public ImmutableArray<string> Languages => [];

    /// <summary>Parses; ScriptInvalid when it is none of the three, empty, too long, or no text.</summary>
    public static Outcome<ITranscriber> Create(byte[] script)
    {
        var text = ScriptText.Read(script);
        if (text.Failed)
        {
            return text.Failure;
        }

        var cues = ImmutableArray<ScriptCue>.Empty;
        if (CueFile.Looks(text.Value))
        {
            var parsed = CueFile.Parse(text.Value);
            if (parsed.Failed)
            {
                return parsed.Failure;
            }

            cues = parsed.Value;
        }

        var words = cues.IsEmpty ? CueMarkup.Split(text.Value) : [.. cues.SelectMany(cue => CueMarkup.Read(cue)).SelectMany(group => group.Words)];
        return words.Length switch
        {
            0 => ScriptText.Invalid("its cues hold no words, only mark-up: write the spoken words"),
            > MostWords => ScriptText.Invalid($"it has {words.Length} words, more than {MostWords}: shorten it"),
            _ => Outcome<ITranscriber>.Of(new ScriptTranscriber(cues, words)),
        };
    }

    public async Task<Outcome<Transcript>> TranscribeAsync(SpeechAudio audio, ImmutableArray<SpeechSpan> speech, string language, IProgress<double>? progress, CancellationToken cancellation)
    {
        if (_cues.FirstOrDefault(cue => cue.Start >= audio.Duration) is { } late)
        {
            return ScriptText.Invalid(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"the cue of line {late.Line} begins at {late.Start:0.000} s, but the audio ends at {audio.Duration:0.000} s: give the script of this audio"));
        }

        // Reads the audio to find its pauses: not on the caller's scheduler, which may be a grain's.
        var islands = await Task.Run(() => SpeechIslands.Find(audio, speech), cancellation);
        var shown = _cues.IsEmpty ? speech.IsEmpty ? [new SpeechSpan(0, audio.Duration)] : speech : Shown(audio.Duration);
        var words = !_cues.IsEmpty ? _cues.SelectMany(cue => Lay(cue with { End = Math.Min(cue.End, audio.Duration) }, islands))
            : WordLayout.ByLength(_words, islands.IsEmpty ? shown : islands);
        progress?.Report(1);
        return new Transcript(LanguageCode.Normalize(language) is { } code and not LanguageCode.Auto ? code : LanguageCode.Undetermined, Name, [.. words], shown);
    }

    // What the user timed is shown when he says, heard as speech or not.
    private ImmutableArray<SpeechSpan> Shown(double duration) => [.. _cues.Select(cue => new SpeechSpan(cue.Start, Math.Min(cue.End, duration)))];

    private static IEnumerable<Word> Lay(ScriptCue cue, ImmutableArray<SpeechSpan> islands)
    {
        var groups = CueMarkup.Read(cue);
        for (var i = 0; i < groups.Length; i++)
        {
            var (start, end) = (groups[i].Start, i + 1 < groups.Length ? groups[i + 1].Start : cue.End);

            // A word with a time of its own keeps it, heard there or not.
            var timed = groups[i] is { IsTimed: true, Words.Length: 1 };
            var heard = timed ? [] : SpeechIslands.Within(islands, start, end);
            foreach (var word in WordLayout.ByLength(groups[i].Words, heard.IsEmpty ? [new SpeechSpan(start, end)] : heard))
            {
                yield return word;
            }
        }
    }
}
