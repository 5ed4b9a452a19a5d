using System.Collections.Immutable;
using CsCheck;
using MakeVideo.Contracts;

namespace MakeVideo.UnitTests.Captions;

/// <summary>Random captions: every script, hostile characters, words where no speech is, spans past the video's end.</summary>
internal static class CaptionGens
{
    private static readonly string[] Letters =
    [
        "a", "W", "é", "Ж", "щ", "ω", "א", "ش", "字", "の", "한", "ก", "😀", "👨‍👩‍👧", "7", ".", "?", "。", "\u0301", "\u200D", "{", "}", "\\", "\\N", "{\\an8}", "<", "-->", "\n", "\t",
        "\0", "\u202E", "\uD800", "\uFEFF", " ",
    ];

    public static readonly Gen<string> Text = Gen.OneOfConst(Letters).List[0, 60].Select(string.Concat);

    public static readonly Gen<string> WordText = Gen.Frequency(
        (8, Gen.Char['a', 'z'].Array[1, 12].Select(letters => new string(letters))),
        (1, Gen.Char['a', 'z'].Array[30, 90].Select(letters => new string(letters))),
        (2, Gen.OneOfConst("字", "幕", "は", "、", "漢").List[1, 40].Select(string.Concat)),
        (3, Text));

    public static readonly Gen<OutputFormat> Format =
        Gen.Select(Gen.Enum<AspectRatio>(), Gen.OneOfConst(Quality.Preview, Quality.Fast), OutputFormat.For);

    public static readonly Gen<CaptionStyle> Style = Gen.Enum<CaptionStyle>();

    /// <summary>Words and spans in order; now and then without spans, with words in silence, or with more words than there are frames.</summary>
    public static readonly Gen<Transcript> Transcript =
        Gen.Select(
            Gen.Select(Gen.Double[-0.01, 0.8], Gen.Double[0.001, 0.9], WordText).List[0, 60],
            Gen.Select(Gen.Double[0.0, 1.5], Gen.Double[0.01, 3.0]).List[0, 12])
        .Select((words, spans) => new Transcript("xx", "test", Words(words), Spans(spans)));

    /// <summary>A transcript as code points, for the message of a failure.</summary>
    public static string Show(Transcript transcript) =>
        string.Join(", ", transcript.Words.Select(word => $"{System.Text.Json.JsonSerializer.Serialize(word.Text)} {word.Start:0.000}-{word.End:0.000}"))
        + " in " + string.Join(", ", transcript.Speech.Select(span => $"{span.Start:0.000}-{span.End:0.000}"));

    private static ImmutableArray<Word> Words(List<(double Gap, double Length, string Text)> words)
    {
        var time = 0.0;
        return [.. words.Select(word =>
        {
            var start = time + Math.Max(0, word.Gap - 0.5);
            time = start + word.Length;
            return new Word(word.Text, start, time);
        })];
    }

    private static ImmutableArray<SpeechSpan> Spans(List<(double Gap, double Length)> spans)
    {
        var time = 0.0;
        return [.. spans.Select(span =>
        {
            var start = time + span.Gap;
            time = start + span.Length;
            return new SpeechSpan(start, time);
        })];
    }
}
