using System.Collections.Immutable;
using System.Text.Json;
using MakeVideo.Contracts;
using MakeVideo.Sources.Http;

namespace MakeVideo.Transcription.Remote;

/// <summary>What an engine elsewhere says that it heard in a stretch. Times are seconds and may be anything.</summary>
/// <param name="Text">All of it.</param>
/// <param name="Start">Seconds; null where it does not say.</param>
/// <param name="End">Seconds.</param>
/// <param name="Words">With times of their own; empty where the engine gives none.</param>
internal sealed record HeardSegment(string Text, double? Start, double? End, ImmutableArray<HeardWord> Words)
{
    /// <summary>From <c>{text, start, end, words?: [{word, start, end}]}</c>, shifted by so many seconds.</summary>
    public static HeardSegment Read(JsonElement item, double shift = 0) => new(
        item.Text("text") ?? "", item.Number("start") + shift, item.Number("end") + shift, [.. item.Items("words").Select(word => HeardWord.Read(word, shift))]);
}

/// <summary>A word with the time that the engine gave it.</summary>
internal sealed record HeardWord(string Text, double? Start, double? End)
{
    public static HeardWord Read(JsonElement item, double shift) => new(item.Text("word") ?? item.Text("text") ?? "", item.Number("start") + shift, item.Number("end") + shift);
}

/// <summary>Makes an engine's segments the words of a transcript.</summary>
internal static class HeardWords
{
    // Seconds that a word gets whose end the engine put at or before its start.
    private const double Shortest = 0.040;

    /// <summary>
    /// Words in order of time, not overlapping, within the audio. The engine's word times are used as they are; a segment without them (or with one that is
    /// no time) has its words spread over the speech in it.
    /// </summary>
    /// <param name="segments">As heard.</param>
    /// <param name="islands">Where the voice is, for those that must be spread.</param>
    /// <param name="duration">Of the audio, seconds.</param>
    public static ImmutableArray<Word> Place(IEnumerable<HeardSegment> segments, ImmutableArray<SpeechSpan> islands, double duration)
    {
        var words = segments.SelectMany(segment => Place(segment, islands, duration)).OrderBy(word => word.Start).ToList();
        var placed = ImmutableArray.CreateBuilder<Word>(words.Count);
        for (var i = 0; i < words.Count; i++)
        {
            // Where two overlap the later one's start holds: captions change on it. Equal starts share what follows.
            var start = placed.Count == 0 ? words[i].Start : Math.Max(words[i].Start, placed[^1].End);
            var next = words.Skip(i + 1).Select(word => (double?)word.Start).FirstOrDefault(later => later > start) ?? duration;
            var end = Math.Min(Math.Max(words[i].End, start + Shortest), Math.Min(duration, Math.Max(next, start + (Shortest / 4))));
            if (end > start)
            {
                placed.Add(new(words[i].Text, start, end));
            }
        }

        return placed.ToImmutable();
    }

    private static IEnumerable<Word> Place(HeardSegment segment, ImmutableArray<SpeechSpan> islands, double duration)
    {
        var timed = segment.Words.Where(word => !string.IsNullOrWhiteSpace(word.Text)).ToList();
        if (timed.Count > 0 && timed.TrueForAll(word => word is { Start: >= 0, End: not null } && word.End >= word.Start && word.Start < duration))
        {
            return timed.Select(word => new Word(OneWord(word.Text), word.Start!.Value, word.End!.Value));
        }

        var texts = timed.Count > 0 && string.IsNullOrWhiteSpace(segment.Text) ? [.. timed.Select(word => OneWord(word.Text))] : CueMarkup.Split(segment.Text);
        var (start, end) = (Math.Clamp(segment.Start ?? 0, 0, duration), Math.Clamp(segment.End ?? duration, 0, duration));
        if (texts.Length == 0 || end <= start)
        {
            return [];
        }

        var voiced = SpeechIslands.Within(islands, start, end);
        return WordLayout.ByLength(texts, voiced.IsEmpty ? [new SpeechSpan(start, end)] : voiced);
    }

    private static string OneWord(string text) => string.Concat(text.Where(letter => !char.IsControl(letter))).Trim();
}
