using System.Collections.Immutable;
using MakeVideo.Contracts;

namespace MakeVideo.Captions;

/// <summary>Words into cues.</summary>
internal static class Cues
{
    /// <summary>
    /// Cuts a transcript into cues: ordered, not overlapping, inside the padded speech and the video; every word with something to see once, in
    /// order, at its own time where speech and the cue before allow it. A word too wide for a line comes in pieces.
    /// </summary>
    /// <param name="transcript">Words and speech spans, in seconds of the audio, which starts with the video.</param>
    /// <param name="style">Decides the font size, and so what fits on a line.</param>
    /// <param name="format">Frame size and rate.</param>
    /// <param name="frames">Length of the video; no cue ends after it.</param>
    /// <param name="options">Null: <see cref="CueOptions.Default"/>.</param>
    /// <returns>Empty when nothing is said within the video.</returns>
    public static ImmutableArray<Cue> Build(Transcript transcript, CaptionStyle style, OutputFormat format, int frames, CueOptions? options = null)
    {
        options ??= CueOptions.Default;
        var look = CaptionLook.For(style, format);
        var windows = SpeechWindows.Build(transcript, options, format.FramesPerSecond, frames);
        if (windows.IsEmpty)
        {
            return [];
        }

        var words = SpeechWindows.Assign(CaptionWords.Prepare(transcript.Words, look), windows, format.FramesPerSecond);
        var cues = ImmutableArray.CreateBuilder<Cue>();
        for (var index = 0; index < windows.Length; index++)
        {
            cues.AddRange(Place(Merge(Group(words[index], look, options), windows[index]), windows[index], format.FramesPerSecond, options));
        }

        return cues.ToImmutable();
    }

    /// <summary>Words that read together: at most two, on one line, said without a pause, of one sentence.</summary>
    private static List<ImmutableArray<Word>> Group(List<Word> words, CaptionLook look, CueOptions options)
    {
        var groups = new List<ImmutableArray<Word>>();
        foreach (var word in words)
        {
            if (groups.Count > 0 && Joins(groups[^1], word, look, options))
            {
                groups[^1] = groups[^1].Add(word);
            }
            else
            {
                groups.Add([word]);
            }
        }

        return groups;
    }

    private static bool Joins(ImmutableArray<Word> group, Word word, CaptionLook look, CueOptions options)
    {
        var longer = group.Add(word);
        return word.Start - group[^1].End <= options.MaxGap
            && !CaptionText.EndsSentence(group[^1].Text)
            && longer.Sum(each => Weight(each, options)) <= options.MaxWords
            && look.Fits(CaptionText.Join(longer));
    }

    private static double Weight(Word word, CueOptions options) =>
        CaptionText.IsUnspacedWord(word.Text) ? Math.Min(1, (double)word.Text.Length / options.CharactersPerUnspacedWord) : 1;

    /// <summary>More cues than frames (a script laid over far too little speech): neighbours share a frame, and shrink to fit.</summary>
    private static List<ImmutableArray<Word>> Merge(List<ImmutableArray<Word>> groups, SpeechWindow window)
    {
        var room = window.End - window.Start;
        if (groups.Count <= room)
        {
            return groups;
        }

        var share = (groups.Count + room - 1) / room;
        return [.. groups.Chunk(share).Select(chunk => chunk.SelectMany(words => words).ToImmutableArray())];
    }

    private static IEnumerable<Cue> Place(List<ImmutableArray<Word>> groups, SpeechWindow window, int framesPerSecond, CueOptions options)
    {
        var starts = Starts(groups, window, framesPerSecond);
        var shortest = (int)Math.Ceiling(options.MinDuration * framesPerSecond);
        var bridge = (int)Math.Round(options.Bridge * framesPerSecond);
        var decay = (int)Math.Round(options.PadAfter * framesPerSecond);
        for (var index = 0; index < groups.Count; index++)
        {
            var said = Math.Clamp(Frame(groups[index].Max(word => word.End), framesPerSecond), starts[index] + 1, window.End);
            var limit = index + 1 < groups.Count ? starts[index + 1] : window.End;
            var end = index + 1 < groups.Count && limit - said <= bridge ? limit : said + decay;
            yield return new Cue(groups[index], starts[index], Math.Min(limit, Math.Max(end, starts[index] + shortest)));
        }
    }

    /// <summary>The frame nearest to each first word, moved only as far as a frame for each cue in the window asks.</summary>
    private static int[] Starts(List<ImmutableArray<Word>> groups, SpeechWindow window, int framesPerSecond)
    {
        var starts = new int[groups.Count];
        for (var index = 0; index < starts.Length; index++)
        {
            var earliest = index == 0 ? window.Start : starts[index - 1] + 1;
            starts[index] = Math.Max(earliest, Frame(groups[index][0].Start, framesPerSecond));
        }

        for (var (index, latest) = (starts.Length - 1, window.End - 1); index >= 0 && starts[index] > latest; index--, latest--)
        {
            starts[index] = latest;
        }

        return starts;
    }

    private static int Frame(double seconds, int framesPerSecond) => (int)Math.Clamp(Math.Round(seconds * framesPerSecond), 0, int.MaxValue / 2);
}
