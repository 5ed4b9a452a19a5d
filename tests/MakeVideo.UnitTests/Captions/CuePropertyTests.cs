using System.Collections.Immutable;
using CsCheck;
using MakeVideo.Captions;
using MakeVideo.Contracts;
using Xunit;

namespace MakeVideo.UnitTests.Captions;

public sealed class CuePropertyTests
{
    private static readonly Gen<(Transcript Transcript, CaptionStyle Style, OutputFormat Format, int Frames)> Case =
        Gen.Select(CaptionGens.Transcript, CaptionGens.Style, CaptionGens.Format, Gen.Int[0, 900]);

    private static readonly CueOptions Options = CueOptions.Default;

    [Fact]
    public void Cues_are_ordered_never_overlap_and_stay_inside_the_video() => Case.Sample(@case =>
    {
        var end = 0;
        foreach (var cue in Build(@case))
        {
            Assert.True(cue.Start >= end, $"{cue} starts before frame {end}");
            Assert.True(cue.End > cue.Start, $"{cue} shows nothing");
            end = cue.End;
        }

        Assert.True(end <= @case.Frames);
    }, print: Show);

    [Fact]
    public void Every_word_appears_once_and_in_order() => Case.Sample(@case =>
    {
        var cues = Build(@case);
        var anySpeech = @case.Transcript.Speech.IsEmpty ? @case.Transcript.Words.Any(word => InVideo(word.Start, word.End, @case)) : @case.Transcript.Speech.Any(span => InVideo(span.Start, span.End, @case));
        var expected = anySpeech ? string.Concat(@case.Transcript.Words.Select(word => CaptionText.Clean(word.Text))) : "";
        Assert.Equal(expected, string.Concat(cues.SelectMany(cue => cue.Words).Select(word => word.Text)));
    }, print: Show);

    [Fact]
    public void No_cue_lies_outside_padded_speech() => Case.Sample(@case =>
    {
        var spans = @case.Transcript.Speech.IsEmpty ? [.. @case.Transcript.Words.Select(word => new SpeechSpan(word.Start, word.End))] : @case.Transcript.Speech;
        var padded = spans.Select(span => (Start: span.Start - Options.PadBefore, End: span.End + Options.PadAfter)).ToList();
        foreach (var cue in Build(@case))
        {
            for (var frame = cue.Start; frame < cue.End; frame++)
            {
                var (from, to) = (frame / 30.0, (frame + 1) / 30.0);
                Assert.True(
                    padded.Any(span => span.Start <= from + 1e-6 && from < span.End) && padded.Any(span => span.Start < to && to <= span.End + 1e-6),
                    $"{cue} shows frame {frame} outside speech");
            }
        }
    }, print: Show);

    [Fact]
    public void No_line_is_wider_than_the_safe_area() => Case.Sample(@case =>
    {
        var look = CaptionLook.For(@case.Style, @case.Format);
        foreach (var cue in Build(@case))
        {
            var size = look.Fit(cue.Text);
            Assert.True(size == 1 || CaptionFont.Width(cue.Text, size) <= look.SafeWidth + 1e-6, $"{cue.Text} at {size} px");
        }
    }, print: Show);

    [Fact]
    public void A_cue_is_short_only_where_the_next_or_the_end_of_speech_cuts_it() => Case.Sample(@case =>
    {
        var cues = Build(@case);
        var windows = SpeechWindows.Build(@case.Transcript, Options, 30, @case.Frames);
        for (var index = 0; index < cues.Length; index++)
        {
            var cue = cues[index];
            var cut = (index + 1 < cues.Length && cues[index + 1].Start == cue.End) || windows.Any(window => window.End == cue.End);
            Assert.True(cut || (cue.End - cue.Start) / 30.0 >= Options.MinDuration, $"{cue} is a flicker");
        }
    }, print: Show);

    private static string Show((Transcript Transcript, CaptionStyle Style, OutputFormat Format, int Frames) @case) =>
        $"{@case.Style} {@case.Format} {@case.Frames} frames: {CaptionGens.Show(@case.Transcript)}";

    private static bool InVideo(double start, double end, (Transcript Transcript, CaptionStyle Style, OutputFormat Format, int Frames) @case) =>
        SpeechWindows.Build(new Transcript("xx", "test", [], [new SpeechSpan(start, end)]), Options, 30, @case.Frames).Length > 0;

    private static ImmutableArray<Cue> Build((Transcript Transcript, CaptionStyle Style, OutputFormat Format, int Frames) @case) =>
        Cues.Build(@case.Transcript, @case.Style, @case.Format, @case.Frames);
}
