using System.Collections.Immutable;
using MakeVideo.Benchmarks.Cluster;
using MakeVideo.Contracts;
using MakeVideo.EndToEndTests.Processes;
using MakeVideo.Grains.Cluster;
using MakeVideo.Media;
using MakeVideo.Media.BurnedText;
using MakeVideo.Media.Processes;
using MakeVideo.Sources;
using MakeVideo.Transcription;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.Configuration;
using Orleans.TestingHost;
using StackExchange.Redis;

namespace MakeVideo.ClusterTests.Budgets;

/// <summary>A silo on a redis-server of its own, its clock in the test's hands, its tools as quick as they are told to be.</summary>
internal sealed class BudgetCluster : IAsyncDisposable
{
    /// <summary>Less than what a look of the watch takes for a pause of the process.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan RealWithin = TimeSpan.FromMinutes(5);

    private readonly string _folder = Directory.CreateTempSubdirectory("makevideo-budgets-").FullName;
    private readonly List<InProcessTestCluster> _dead = [];
    private RedisProcess _redis = null!;
    private ConnectionMultiplexer _connection = null!;
    private InProcessTestCluster _cluster = null!;

    public FakeTimeProvider Clock { get; private set; } = new(DateTimeOffset.UtcNow - TimeSpan.FromHours(6));

    /// <summary>Hears and renders; what it does is set on it.</summary>
    public SlowTools Tools { get; private set; } = null!;

    public IServiceProvider Silo => _cluster.GetSiloServiceProvider(_cluster.Silos[0].SiloAddress);

    public IGrainFactory Grains => _cluster.Client;

    public static async Task<BudgetCluster> StartAsync()
    {
        var cluster = new BudgetCluster();
        cluster._redis = await RedisProcess.StartAsync(Path.Combine(cluster._folder, "redis"));
        cluster._connection = await ConnectionMultiplexer.ConnectAsync(cluster._redis.Connection);
        await cluster.DeployAsync();
        return cluster;
    }

    /// <summary>The silo is gone, with all that it had in memory; another starts on the same store, at the same time of day.</summary>
    public async Task KillAndStartAnotherAsync()
    {
        // What is left of the old one in this process stands still: its clock is never moved again.
        await _cluster.KillSiloAsync(_cluster.Silos[0]);
        _dead.Add(_cluster);
        Clock = new(Clock.GetUtcNow());
        await DeployAsync();
    }

    public async Task<IJobGrain> SubmitAsync(double seconds = 6)
    {
        var data = new DataFolder(Path.Combine(_folder, "data"));
        var id = JobIds.Create();
        Directory.CreateDirectory(data.Upload(id));
        await File.WriteAllBytesAsync(data.Audio(id), StubTools.Audio(seconds));
        var job = Grains.GetGrain<IJobGrain>(id);
        var taken = await job.SubmitAsync(new() { JobId = id, AudioSha256 = id, Query = "city 12", Quality = Quality.Preview, CreatedAt = Clock.GetUtcNow() });
        Assert.Null(taken.Failure);
        return job;
    }

    /// <summary>Lets time pass until something holds; returns how much did.</summary>
    public async Task<TimeSpan> UntilAsync(IJobGrain job, Func<JobView, bool> holds)
    {
        var (began, real) = (Clock.GetUtcNow(), System.Diagnostics.Stopwatch.StartNew());
        while (await job.GetAsync() is { } view && !holds(view))
        {
            Assert.True(real.Elapsed < RealWithin, $"It does not come to that: {view}");
            await PassAsync(Step);
        }

        return Clock.GetUtcNow() - began;
    }

    /// <summary>Lets so much time pass.</summary>
    public async Task PassAsync(TimeSpan span)
    {
        for (var left = span; left > TimeSpan.Zero; left -= Step)
        {
            Clock.Advance(left < Step ? left : Step);

            // What is due now runs on other threads: a moment of theirs for a step of the clock.
            await Task.Delay(4);
        }
    }

    public static async Task<ImmutableArray<string>> NotesAsync(IJobGrain job) => [.. (await job.EventsAsync()).Where(note => note.Kind == "stage_timed_out").Select(note => note.Detail!)];

    public async ValueTask DisposeAsync()
    {
        Tools.Open();
        foreach (var cluster in _dead.Append(_cluster))
        {
            await cluster.DisposeAsync();
        }

        Tools.Dispose();
        await _connection.DisposeAsync();
        await _redis.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task DeployAsync()
    {
        Tools = new(Clock);
        var builder = new InProcessTestClusterBuilder(1);
        builder.Options.ServiceId = "budgets";
        builder.ConfigureSilo((_, silo) =>
        {
            var options = ConfigurationOptions.Parse(_redis.Connection);
            silo.AddRedisGrainStorageAsDefault(redis => (redis.ConfigurationOptions, redis.DeleteStateOnClear) = (options, true));
            silo.UseInMemoryReminderService();
            silo.Configure<GrainCollectionOptions>(collection => collection.CollectionAge = TimeSpan.FromDays(1));
            silo.AddMakeVideoGrains();
            silo.Services.AddSingleton<TimeProvider>(Clock);
            silo.Services.AddSingleton<IConnectionMultiplexer>(_connection);
            silo.Services.AddSingleton(new ClusterSettings { Redis = _redis.Connection, Data = new(Path.Combine(_folder, "data")) });
            silo.Services.AddSingleton(new DataFolder(Path.Combine(_folder, "data")));
            silo.Services.AddSingleton(new WorkOptions { Slots = 2, AnswerWithin = TimeSpan.FromMilliseconds(20) });
            silo.Services.AddSingleton<IProcessRunner>(Tools);
            silo.Services.AddSingleton(new BurnedTextOptions { Enabled = false });
            silo.Services.AddMedia();
            silo.Services.AddSingleton<ISpeechDetector>(new StubSpeech());
            silo.Services.AddSingleton<ITranscriber>(Tools);
            silo.Services.AddSingleton<Transcribers>();
            silo.Services.AddSingleton<IFootageSource, StubFootage>();
            silo.Services.AddSingleton<SourceOrder>();
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }
}

/// <summary>Tools that can be made to hang, to be slow, or to have their service away.</summary>
internal sealed class SlowTools(TimeProvider clock) : IProcessRunner, ITranscriber, IDisposable
{
    private readonly StubTools _tools = new(TimeSpan.Zero);
    private readonly StubSpeech _speech = new();
    private readonly CancellationTokenSource _open = new();
    private int _segments;

    public string Name => "slow";

    public ImmutableArray<string> Languages => [];

    /// <summary>How long a transcription takes; infinite: it hangs.</summary>
    public TimeSpan Hearing { get; set; }

    /// <summary>How long the n-th segment takes, from 0.</summary>
    public Func<int, TimeSpan> Rendering { get; set; } = _ => TimeSpan.Zero;

    /// <summary>What the transcriber answers instead.</summary>
    public Func<JobFailure?> Away { get; set; } = () => null;

    /// <summary>Transcriptions that were begun.</summary>
    public int Heard { get; private set; }

    /// <summary>Renders that were begun.</summary>
    public int Rendered => _segments;

    /// <summary>Work that was told to stop.</summary>
    public int Stopped { get; private set; }

    /// <summary>Nothing hangs any more.</summary>
    public void Open() => _open.Cancel();

    public void Dispose() => _open.Dispose();

    public async Task<ChildResult> RunAsync(ChildRun run, CancellationToken cancellation)
    {
        if (run.Step == "segment")
        {
            await TakeAsync(Rendering(Interlocked.Increment(ref _segments) - 1), cancellation);
        }

        return await _tools.RunAsync(run, cancellation);
    }

    public async Task<Outcome<Transcript>> TranscribeAsync(SpeechAudio audio, ImmutableArray<SpeechSpan> speech, string language, IProgress<double>? progress, CancellationToken cancellation)
    {
        Heard++;
        if (Away() is { } away)
        {
            return away;
        }

        await TakeAsync(Hearing, cancellation);
        return await _speech.TranscribeAsync(audio, speech, language, progress, cancellation);
    }

    private async Task TakeAsync(TimeSpan span, CancellationToken cancellation)
    {
        if (span == TimeSpan.Zero)
        {
            return;
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _open.Token);
        try
        {
            await Task.Delay(span, clock, over.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Opened.
        }
        catch (OperationCanceledException)
        {
            Stopped++;
            throw;
        }
    }
}
