using System.Collections.Immutable;
using MakeVideo.Contracts;
using MakeVideo.EndToEndTests.Media;
using MakeVideo.Transcription;

namespace MakeVideo.EndToEndTests.Transcription;

public sealed class MoonshineTests(SpeechModels models, ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_known_speech_comes_out_word_for_word()
    {
        var media = Environment.GetEnvironmentVariable("MAKEVIDEO_MEDIA");
        Assert.SkipWhen(media is not { Length: > 0 }, "MAKEVIDEO_MEDIA names no folder with speech-jfk-11s.flac");
        using var audio = Decode(Path.Combine(media!, "speech-jfk-11s.flac"));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var transcript = await TranscribeAsync(audio);
        output.WriteLine($"{audio.Duration:0.0} s of speech in {clock.Elapsed.TotalSeconds:0.0} s: {string.Join(' ', transcript.Words.Select(word => FormattableString.Invariant($"{word.Text}@{word.Start:0.00}")))}");

        const string Said = "and so my fellow americans ask not what your country can do for you ask what you can do for your country";
        Assert.Equal(Said, string.Join(' ', transcript.Words.Select(word => Letters(word.Text))));
        Assert.Equal(("en", "moonshine-tiny-en"), (transcript.Language, transcript.Engine));
        AssertLaidOut(transcript, audio.Duration);
    }

    [Fact]
    public async Task The_same_audio_gives_the_same_words_and_times_also_when_two_jobs_ask_at_once()
    {
        using var audio = SpeechAudio.Open(KnownSpeech.Say(models.Folder, "rms", "the weather was cold", "but nobody minded").Wave);
        var transcripts = await Task.WhenAll(TranscribeAsync(audio), TranscribeAsync(audio));
        var again = await TranscribeAsync(audio);
        Assert.NotEmpty(again.Words);
        Assert.All(transcripts, transcript => Assert.Equal(again.Words, transcript.Words));
    }

    /// <summary>The figure that the README gives. These passages are not those that the aligning heads were chosen with.</summary>
    [Fact]
    public async Task Words_begin_where_they_were_put()
    {
        string[][] passages =
        [
            ["scientists discovered a small planet", "beyond the orbit of neptune", "after many years of searching"],
            ["the train leaves the station", "at seven in the morning", "and arrives before noon"],
            ["good teachers explain difficult things", "with simple words", "and plenty of patience"],
            ["the market opened early today", "because the farmers had brought", "fresh bread and cheese"],
        ];
        var errors = new List<(double Milliseconds, string Word)>();
        var said = 0;
        foreach (var voice in new[] { "rms", "slt", "awb" })
        {
            foreach (var passage in passages)
            {
                var known = KnownSpeech.Say(models.Folder, voice, passage);
                using var audio = SpeechAudio.Open(known.Wave);
                var transcript = await TranscribeAsync(audio);
                AssertLaidOut(transcript, audio.Duration);
                said += known.Words.Count;
                errors.AddRange(Common(known.Words, transcript.Words).Select(pair => (1000 * Math.Abs(pair.Heard - pair.Put), $"{voice}: {pair.Word}")));
            }
        }

        var (mean, worst) = (errors.Average(error => error.Milliseconds), errors.MaxBy(error => error.Milliseconds));
        var median = errors.Select(error => error.Milliseconds).Order().ElementAt(errors.Count / 2);
        output.WriteLine(FormattableString.Invariant($"word onsets: {errors.Count} of {said} words recognised; error mean {mean:0} ms, median {median:0} ms, worst {worst.Milliseconds:0} ms ({worst.Word})"));
        Assert.True(errors.Count > 0.75 * said, $"only {errors.Count} of {said} words recognised");
        Assert.True(mean < 80, FormattableString.Invariant($"mean onset error {mean:0} ms"));
        Assert.True(worst.Milliseconds < 500, FormattableString.Invariant($"worst onset error {worst.Milliseconds:0} ms: {worst.Word}"));
    }

    [Theory]
    [InlineData("anoisesrc=d=8:c=pink:a=0.3:seed=1")]
    [InlineData("sine=f=440:d=8")]
    [InlineData("aevalsrc='0.3*sin(2*PI*(220+110*floor(mod(t*3,5)))*t)*exp(-3*mod(t,0.33))':d=10")]
    public async Task Noise_and_music_give_no_words(string sound)
    {
        var wave = Path.Combine(models.Folder, Guid.NewGuid().ToString("N") + ".wav");
        MediaFixture.Ffmpeg("-f", "lavfi", "-i", sound, "-ar", "16000", "-ac", "1", wave);
        using var audio = SpeechAudio.Open(wave);

        // Even when a detector took it for speech.
        var transcript = await models.Moonshine.TranscribeAsync(audio, [new SpeechSpan(0, audio.Duration)], "en", null, Cancellation);
        Assert.Empty(transcript.Value!.Words);
    }

    [Fact]
    public async Task Spans_follow_the_pauses_that_were_put_in()
    {
        var known = KnownSpeech.Say(models.Folder, "rms", "the weather was cold", "but nobody minded");
        using var audio = SpeechAudio.Open(known.Wave);
        var spans = (await models.Detector.DetectAsync(audio, null, Cancellation)).Value;
        var second = known.Words.Single(word => word.Word == "but").Onset;
        Assert.Equal(2, spans.Length);
        Assert.InRange(spans[0].Start, known.Words[0].Onset - 0.15, known.Words[0].Onset + 0.1);
        Assert.InRange(spans[1].Start, second - 0.15, second + 0.1);
        Assert.InRange(spans[0].End, second - 0.45, second - 0.05);
    }

    [Fact]
    public async Task A_cancelled_transcription_stops()
    {
        using var audio = SpeechAudio.Open(KnownSpeech.Say(models.Folder, "rms", "the weather was cold", "but nobody minded").Wave);
        var speech = (await models.Detector.DetectAsync(audio, null, Cancellation)).Value;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => models.Moonshine.TranscribeAsync(audio, speech, "en", null, stop.Token));
    }

    private async Task<Transcript> TranscribeAsync(SpeechAudio audio)
    {
        var speech = await models.Detector.DetectAsync(audio, null, Cancellation);
        var transcript = await models.Moonshine.TranscribeAsync(audio, speech.Value, "auto", null, Cancellation);
        Assert.Null(transcript.Failure);
        return transcript.Value!;
    }

    private SpeechAudio Decode(string media)
    {
        var wave = Path.Combine(models.Folder, Guid.NewGuid().ToString("N") + ".wav");
        MediaFixture.Ffmpeg("-i", media, "-ar", "16000", "-ac", "1", wave);
        return SpeechAudio.Open(wave);
    }

    private static void AssertLaidOut(Transcript transcript, double duration)
    {
        Assert.All(transcript.Words, word => Assert.True(word.End > word.Start && word.Start >= 0 && word.End <= duration, word.ToString()));
        Assert.All(transcript.Words.Zip(transcript.Words.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start, $"{pair.First} {pair.Second}"));
        Assert.All(transcript.Words, word => Assert.Contains(transcript.Speech, span => span.Start <= word.Start && word.End <= span.End));
    }

    // Words that both have, in order: a synthetic voice is not understood to the last word.
    private static IEnumerable<(string Word, double Put, double Heard)> Common(IReadOnlyList<(string Word, double Onset)> put, ImmutableArray<Word> heard)
    {
        var length = new int[put.Count + 1, heard.Length + 1];
        for (var i = put.Count - 1; i >= 0; i--)
        {
            for (var j = heard.Length - 1; j >= 0; j--)
            {
                length[i, j] = put[i].Word == Letters(heard[j].Text) ? length[i + 1, j + 1] + 1 : Math.Max(length[i + 1, j], length[i, j + 1]);
            }
        }

        for (var (i, j) = (0, 0); i < put.Count && j < heard.Length;)
        {
            if (put[i].Word == Letters(heard[j].Text))
            {
                yield return (put[i].Word, put[i++].Onset, heard[j++].Start);
            }
            else if (length[i + 1, j] >= length[i, j + 1])
            {
                i++;
            }
            else
            {
                j++;
            }
        }
    }

    private static string Letters(string word) => string.Concat(word.Where(char.IsLetter)).ToLowerInvariant();
}
