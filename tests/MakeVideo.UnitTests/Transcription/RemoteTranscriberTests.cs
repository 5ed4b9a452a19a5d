using System.Collections.Immutable;
using MakeVideo.Contracts;
using MakeVideo.FakeUpstreams.Faults;
using MakeVideo.Transcription;
using MakeVideo.Transcription.AudioTranscriber;
using MakeVideo.Transcription.OpenAi;
using MakeVideo.UnitTests.Sources.Http;

namespace MakeVideo.UnitTests.Transcription;

/// <summary>Both engines elsewhere, against their fakes over HTTP.</summary>
public sealed class RemoteTranscriberTests : IAsyncLifetime
{
    private const string Segmented = """
        {"segments":[{"text":"Hello there, you.","start":0.5,"end":3.5,"duration":3.0}],"language_detected":"pt","duration":4.0,"full_text":"Hello there, you."}
        """;

    private const string Odd = """
        {"segments":[{"text":"a b c","start":0.5,"end":3.5,"words":[{"word":" a ","start":1.0,"end":2.2},{"word":"b","start":2.0,"end":2.0},{"word":"c","start":2.5,"end":99}]}],
         "language_detected":"xx-not-one-at-all","duration":4.0,"full_text":"a b c","more":{"and":"more"}}
        """;

    private readonly SpokenWave wave = new(4, (0.5, 1.5), (2.5, 3.5));
    private FakeWorld world = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Engines => [AudioTranscriberEngine.EngineName, OpenAiTranscriber.EngineName];

    public async ValueTask InitializeAsync() => world = await FakeWorld.StartAsync(clips: 0);

    public ValueTask DisposeAsync()
    {
        wave.Dispose();
        return world.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Word_times_of_the_engine_are_used_as_they_are(string engine)
    {
        var heard = (await HearAsync(engine)).Value!;

        Assert.Equal((engine, "en"), (heard.Engine, heard.Language));
        Assert.Equal(8, heard.Words.Length);
        Assert.Equal(new Word("video", 0.5, 0.9), heard.Words[1]);
        Assert.Equal(wave.Speech, heard.Speech);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Segments_without_word_times_are_spread_over_the_speech_in_them(string engine)
    {
        await TranscriptAsync(Segmented);

        var heard = (await HearAsync(engine)).Value!;

        Assert.Equal(["Hello", "there,", "you."], heard.Words.Select(word => word.Text));
        Assert.All(heard.Words, word => Assert.Contains(wave.Speech, span => word.Start >= span.Start - 0.05 && word.End <= span.End + 0.05));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Times_that_overlap_or_leave_the_audio_are_put_in_order(string engine)
    {
        await TranscriptAsync(Odd);

        var heard = (await HearAsync(engine, "pt")).Value!;

        Assert.Equal([("a", 1.0, 2.0), ("b", 2.0, 2.04), ("c", 2.5, 4.0)], heard.Words.Select(word => (word.Text, word.Start, Math.Round(word.End, 3))));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_service_that_is_down_is_unavailable_and_says_when_to_come_back(string engine)
    {
        world.Fault(FaultKinds.Reset, times: null);

        var failure = (await HearAsync(engine)).Failure!;

        Assert.Equal((FailureCodes.UpstreamUnavailable, true, JobStage.GeneratingSubtitles), (failure.Code, failure.Retryable, failure.Stage));
        Assert.NotNull(failure.RetryAt);
    }

    [Fact]
    public async Task A_wrong_key_is_a_setting_to_mend_and_is_not_shown()
    {
        var engine = new OpenAiTranscriber(world.Client("openai"), new() { Key = "very-secret" });

        var failure = (await engine.TranscribeAsync(wave.Audio, wave.Speech, "auto", null, Cancellation)).Failure!;

        Assert.Equal(FailureCodes.UpstreamRefused, failure.Code);
        Assert.DoesNotContain("very-secret", failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("very-secret", new OpenAiOptions { Key = "very-secret" }.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_audio_goes_in_pieces_and_its_times_are_of_the_whole()
    {
        using var longer = new SpokenWave(30, (1, 9), (11, 19), (21, 29));
        var engine = new OpenAiTranscriber(world.Client("openai"), new() { Key = "fake-key", LongestPiece = 12 });
        var progress = new List<double>();

        var heard = (await engine.TranscribeAsync(longer.Audio, longer.Speech, "en", new Reports(progress), Cancellation)).Value!;

        Assert.Equal(3, world.Fakes.Calls.Count("openai"));
        Assert.Equal([1 / 3.0, 2 / 3.0, 1], progress);
        Assert.Contains(heard.Words, word => word is { Text: "every", Start: 10 });
        Assert.Contains(heard.Words, word => word is { Text: "every", Start: 20 });
        Assert.All(heard.Words.Zip(heard.Words.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start));
    }

    [Fact]
    public void A_stretch_is_a_wave_file_of_its_own()
    {
        using var whole = wave.Audio.OpenWave(0, wave.Audio.Samples);
        using var copy = new MemoryStream();
        whole.CopyTo(copy);

        Assert.Equal(wave.Bytes, copy.ToArray());
        Assert.Equal(whole.Length, copy.Length);
    }

    [Fact]
    public async Task The_next_engine_is_asked_when_the_preferred_one_is_down_and_only_then()
    {
        var transcribers = new Transcribers([Engine(AudioTranscriberEngine.EngineName), Engine(OpenAiTranscriber.EngineName)]);
        var first = (await HearAsync(transcribers)).Value!;
        Assert.Equal((AudioTranscriberEngine.EngineName, 0), (first.Engine, world.Fakes.Calls.Count("openai")));

        world.Fault(FaultKinds.Reset, "audio-transcriber", times: null);
        Assert.Equal(OpenAiTranscriber.EngineName, (await HearAsync(transcribers)).Value!.Engine);
    }

    [Fact]
    public async Task When_all_are_down_the_one_that_is_back_first_is_waited_for()
    {
        var transcribers = new Transcribers([Engine(AudioTranscriberEngine.EngineName), Engine(OpenAiTranscriber.EngineName)]);
        world.Fault(FaultKinds.Status, "audio-transcriber", times: null, with: rule => rule with { Status = 429, RetryAfter = "600" });
        world.Fault(FaultKinds.Status, "openai", times: null, with: rule => rule with { Status = 429, RetryAfter = "60" });

        var failure = (await HearAsync(transcribers)).Failure!;

        Assert.Equal(FailureCodes.UpstreamThrottled, failure.Code);
        Assert.InRange(failure.RetryAt!.Value, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddSeconds(61));
    }

    private async Task<Outcome<Transcript>> HearAsync(Transcribers transcribers) =>
        await transcribers.For("pt").Value!.TranscribeAsync(wave.Audio, wave.Speech, "pt", null, Cancellation);

    private Task<Outcome<Transcript>> HearAsync(string engine, string language = "auto") => Engine(engine).TranscribeAsync(wave.Audio, wave.Speech, language, null, Cancellation);

    private ITranscriber Engine(string name) => name == OpenAiTranscriber.EngineName
        ? new OpenAiTranscriber(world.Client("openai"), new() { Key = "fake-key" })
        : new AudioTranscriberEngine(world.Client("audio-transcriber"), TimeProvider.System, TimeSpan.FromMilliseconds(10));

    private Task TranscriptAsync(string json) => File.WriteAllTextAsync(Path.Combine(world.Folder, "transcript.json"), json, Cancellation);

    private sealed class Reports(List<double> seen) : IProgress<double>
    {
        public void Report(double value) => seen.Add(value);
    }
}
