using System.Collections.Immutable;
using MakeVideo.Contracts;
using MakeVideo.Sources.Http;
using MakeVideo.Transcription;
using Microsoft.Extensions.Configuration;

namespace MakeVideo.UnitTests.Transcription;

public sealed class TranscribersTests
{
    private static readonly Stub English = new("english", ["en"]);
    private static readonly Stub Any = new("any", []);
    private static readonly Stub Other = new("other", []);

    [Fact]
    public void The_first_choice_is_told_by_name()
    {
        Assert.Equal("any", new Transcribers([Any, English]).FirstFor("en-GB"));
        Assert.Null(new Transcribers([English]).FirstFor("pt"));
    }

    [Fact]
    public void A_language_goes_to_the_first_engine_that_knows_it() =>
        Assert.Equal(["any"], Names(new Transcribers([English, Any]), "pt"));

    [Fact]
    public void All_engines_that_know_it_stand_in_for_each_other() =>
        Assert.Equal(["any", "english"], Names(new Transcribers([Any, English]), "en"));

    [Fact]
    public void Nobody_who_knows_one_language_guesses_all_of_them()
    {
        Assert.Equal(["any", "other"], Names(new Transcribers([Any, English, Other]), "auto"));
        Assert.Equal(["english"], Names(new Transcribers([English]), "auto"));
    }

    [Fact]
    public void The_settings_order_the_engines_by_language()
    {
        var preferences = Read(("Transcription:Engines", "other, any"), ("Transcription:Languages:pt", "any"));
        var transcribers = new Transcribers([Any, English, Other], preferences);

        Assert.Equal(["other", "any"], Names(transcribers, "en"));
        Assert.Equal(["any"], Names(transcribers, "pt-BR"));
    }

    [Theory]
    [InlineData("Transcription:Engines", "whisper", "whisper")]
    [InlineData("Transcription:Languages:portuguese", "any", "portuguese")]
    public void A_setting_that_names_nothing_is_said(string name, string value, string said) =>
        Assert.Contains(said, Assert.Throws<SettingException>(() => Read((name, value))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Of_engines_that_stand_in_for_each_other_those_that_work_here_wait_for_a_core()
    {
        using var wave = new SpokenWave(1);
        using var core = new SemaphoreSlim(1);
        Stub.Asked.Value = [];
        var engines = new FallbackTranscriber([new Stub("far", []) { IsRemote = true }, new Stub("here", [])]).TakingCores(async stop =>
        {
            Stub.Asked.Value!.Add("core");
            await core.WaitAsync(stop);
            return new Held(core);
        });

        await engines.TranscribeAsync(wave.Audio, [], "en", null, TestContext.Current.CancellationToken);

        Assert.Equal(["far", "core", "here"], Stub.Asked.Value);
        Assert.Equal(1, core.CurrentCount);
    }

    private sealed class Held(SemaphoreSlim core) : IDisposable
    {
        public void Dispose() => core.Release();
    }

    private static EnginePreferences Read(params (string Name, string Value)[] settings) => EnginePreferences.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Name, setting.Value))).Build(), ["english", "any", "other"]);

    // Each fails, so that the next is asked; the order is what they note.
    private static List<string> Names(Transcribers transcribers, string language)
    {
        using var wave = new SpokenWave(1);
        Stub.Asked.Value = [];
        var chosen = transcribers.For(language).Value!.TranscribeAsync(wave.Audio, [], language, null, CancellationToken.None).GetAwaiter().GetResult();
        Assert.True(chosen.Failed);
        return Stub.Asked.Value;
    }

    private sealed class Stub(string name, ImmutableArray<string> languages) : ITranscriber
    {
        public static AsyncLocal<List<string>> Asked { get; } = new();

        public string Name => name;

        public bool IsRemote { get; init; }

        public ImmutableArray<string> Languages => languages;

        public Task<Outcome<Transcript>> TranscribeAsync(SpeechAudio audio, ImmutableArray<SpeechSpan> speech, string language, IProgress<double>? progress, CancellationToken cancellation)
        {
            Asked.Value!.Add(name);
            return Task.FromResult<Outcome<Transcript>>(new JobFailure(FailureCodes.UpstreamUnavailable, null, "down", true));
        }
    }
}
