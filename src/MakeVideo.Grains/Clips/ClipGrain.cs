using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using MakeVideo.Media.BurnedText;
using MakeVideo.Media.Probing;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Storage;

namespace MakeVideo.Grains.Clips;

/// <summary>Fetches and vets one clip, once for the whole cluster, however many jobs want it.</summary>
[FreeSlotPlacement, GrainType("clip"), Reentrant]
internal sealed partial class ClipGrain(
    [PersistentState("clip")] IPersistentState<ClipState> state,
    ClipFetch fetch, ClipStill still, ClipCatalog catalog, SiloBoard board, ClusterMeter meter, BurnedTextOptions veto, WorkOptions options, DataFolder data, ILocalSiloDetails silo, StoreClock store, TimeProvider clock, ILogger<ClipGrain> logger) : Grain, IClipGrain, IAsyncDisposable
{
    /// <summary>Long enough to spare the work, short enough that a mended clip is seen again the same day.</summary>
    internal static readonly TimeSpan RejectionLasts = TimeSpan.FromHours(6);

    private readonly JoinedWork<ClipAnswer> _work = new(options.AnswerWithin);
    private double _fraction;
    private bool _inLine;
    private DateTime? _wholeSince;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private int _asked;
    private int _asking;

    private string Key => this.GetPrimaryKeyString();

    public async Task<ClipAnswer> EnsureAsync(ClipCandidate candidate, string jobId, long order)
    {
        DelayDeactivation(TimeSpan.FromMinutes(2));
        _asked++;
        _asking++;
        try
        {
            var answer = await _work.AskAsync(jobId, stop => WorkAsync(candidate, order, stop)) ?? new(ClipStatus.Fetching, _fraction, Silo: silo.Name, InLine: _inLine);
            if (answer.Clip is { } clip)
            {
                await NoteAsync(() => catalog.UseAsync(Key, clip.Bytes, jobId));
            }

            return answer;
        }
        finally
        {
            _asking--;
        }
    }

    public Task LeaveAsync(string jobId) => _work.LeaveAsync(jobId);

    public Task StopAsync() => _work.StopAsync();

    public async Task<ClipView?> GetAsync()
    {
        var known = state.State;
        if ((known.Clip?.Candidate ?? known.Candidate, known.Clip, known.Rejection, known.Ruling) is (null, null, null, null))
        {
            return null;
        }

        var (use, rejection, name) = (await catalog.UseOfAsync(Key), known.RejectionAt(store.Now, veto), Key.Split('/', 2));
        var there = known.Clip is { } clip && File.Exists(clip.Path);
        return new()
        {
            Source = name[0],
            Id = name[^1],
            Title = (known.Clip?.Candidate ?? known.Candidate)?.Title ?? "",
            Credit = (known.Clip?.Candidate ?? known.Candidate)?.Credit,
            Status = rejection is not null ? ClipStatus.Rejected : there ? ClipStatus.Ready : _asking > 0 ? ClipStatus.Fetching : ClipStatus.Missing,
            Bytes = there ? known.Clip!.Bytes : 0,
            Facts = there ? known.Clip!.Facts : null,
            Rejection = rejection,
            ExpiresAt = rejection is null || known.Ruling is ClipRuling.Rejected ? null : known.ExpiresAt,
            Ruling = known.Ruling,
            Text = known.Text,
            LastUsedAt = use.LastUsedAt,
            Uses = use.Uses,
        };
    }

    public async Task<bool> CondemnAsync(JobFailure why)
    {
        if (state.State.Clip is not { } known || !await ClipFetch.IsWholeAsync(known, CancellationToken.None))
        {
            return false;
        }

        state.State.Candidate = known.Candidate;
        state.State.Clip = null;
        state.State.Rejection = why;
        state.State.ExpiresAt = store.Now + RejectionLasts;
        _wholeSince = null;
        await WriteAsync(state.WriteStateAsync);
        Delete(known.Path);
        await NoteAsync(() => catalog.RejectAsync(Key));
        return true;
    }

    public async Task<ClipView?> RuleAsync(ClipRuling ruling)
    {
        if (await GetAsync() is null)
        {
            return null;
        }

        state.State.Ruling = ruling;
        await WriteAsync(state.WriteStateAsync);
        await catalog.RuleAsync(Key, ruling);
        return await GetAsync();
    }

    public async Task<bool> PictureAsync() =>
        state.State.Clip is { } clip && File.Exists(clip.Path)
        && await still.EnsureAsync(clip.Path, clip.Facts, data.ClipStill(clip.Candidate.Source, clip.Candidate.Id), data.Vetting, CancellationToken.None);

    public async Task<bool> EvictAsync()
    {
        var asked = _asked;
        if (_asking > 0 || !_work.Idle || await catalog.IsPinnedAsync(Key) || asked != _asked || !_work.Idle)
        {
            return false;
        }

        // From here to the write nobody else runs in this grain: who asks next finds no file, and fetches it again.
        var (known, name) = (state.State, Key.Split('/', 2));
        if (name.Length != 2 || !name.All(ClipIds.IsValid))
        {
            return false;
        }

        Delete(data.Clip(name[0], name[1]));
        Delete(data.ClipStill(name[0], name[1]));
        known.Candidate ??= known.Clip?.Candidate;
        known.Clip = null;
        _wholeSince = null;
        var listed = known.Ruling is not null || known.RejectionAt(store.Now, veto) is not null;
        if (!listed)
        {
            Delete(data.ClipThumbnail(name[0], name[1]));
        }

        await WriteAsync(listed || known.Corruption is not null ? state.WriteStateAsync : state.ClearStateAsync);
        await catalog.DropAsync(Key, listed);
        return true;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _work.CloseAsync();

    public async ValueTask DisposeAsync()
    {
        await _work.DisposeAsync();
        _writing.Dispose();
    }

    private async Task<ClipAnswer> WorkAsync(ClipCandidate candidate, long order, CancellationToken cancellation)
    {
        try
        {
            if (state.State.RejectionAt(store.Now, veto) is { } rejection)
            {
                meter.ClipAsked("rejected");
                return new(ClipStatus.Rejected, 1, Rejection: rejection);
            }

            if (state.State.Clip is { } known && await IsWholeAsync(known, cancellation))
            {
                meter.ClipAsked("hit");
                return new(ClipStatus.Ready, 1, known);
            }

            if (board.Draining)
            {
                DeactivateOnIdle();
                return new(ClipStatus.Fetching, 0, InLine: true);
            }

            meter.ClipAsked("miss");
            _inLine = false;
            var started = clock.GetTimestamp();
            var vetted = await fetch.FetchAsync(candidate, order, waits => _inLine = waits, state.State.Ruling is ClipRuling.Accepted, new Progress(fraction => _fraction = fraction), cancellation);
            var outcome = vetted.Clip;
            if (outcome.Failed && (outcome.Failure.Retryable || outcome.Failure.Upstream is not null))
            {
                return new(ClipStatus.Missing, 0, Rejection: outcome.Failure);
            }

            state.State.Clip = outcome.Value;
            state.State.Candidate = outcome.Failed ? candidate : null;
            state.State.Text = vetted.Text;
            state.State.Rejection = outcome.Failure;
            state.State.ExpiresAt = outcome.Failed ? store.Now + RejectionLasts : null;
            await WriteAsync(state.WriteStateAsync);
            await NoteAsync(() => IndexAsync(outcome.Value));
            return outcome.Failed
                ? new(ClipStatus.Rejected, 1, Rejection: outcome.Failure, Silo: silo.Name)
                : new(ClipStatus.Ready, 1, outcome.Value, Silo: silo.Name, Seconds: clock.GetElapsedTime(started).TotalSeconds);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return new(ClipStatus.Missing, 0, Rejection: new(FailureCodes.Stopped, JobStage.DownloadingShorts, "The silo was stopped.", Retryable: true));
        }
        catch (Exception failure)
        {
            LogFailed(failure, candidate.Source, candidate.Id);
            return new(ClipStatus.Missing, 0, Rejection: Failures.Of(failure, JobStage.DownloadingShorts));
        }
    }

    // Of a folder that is not there either.
    private static void Delete(string path)
    {
        if (File.Exists(path))
        {
            File.Delete(path);
        }
    }

    private async Task IndexAsync(ReadyClip? clip)
    {
        if (clip is null)
        {
            await catalog.RejectAsync(Key);
        }
        else
        {
            await catalog.AdoptAsync(Key, clip.Bytes, store.Now);
            await GrainFactory.GetGrain<IClipCacheGrain>(0).TrimAsync();
        }
    }

    /// <summary>Tells the index, which can be filled again: while the store is away the clip is still as good as it is.</summary>
    private async Task NoteAsync(Func<Task> note)
    {
        try
        {
            await note();
        }
        catch (Exception failure) when (Outages.Is(failure))
        {
            LogNotIndexed(failure, Key);
        }
    }

    /// <summary>One write at a time: a fetch that ends, an operator's word and an eviction may come together. Who was overtaken by another activation ends.</summary>
    private async Task WriteAsync(Func<Task> write)
    {
        await _writing.WaitAsync();
        try
        {
            await write();
        }
        catch (InconsistentStateException)
        {
            DeactivateOnIdle();
            throw;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Reads a clip through once; then as long as nobody has written to it, its age is proof enough.</summary>
    private async Task<bool> IsWholeAsync(ReadyClip clip, CancellationToken cancellation)
    {
        var written = File.GetLastWriteTimeUtc(clip.Path);
        if (written != _wholeSince)
        {
            _wholeSince = await ClipFetch.IsWholeAsync(clip, cancellation) ? written : null;
        }

        return _wholeSince is not null;
    }

    [LoggerMessage(LogLevel.Warning, "The index was not told of clip {Clip}")]
    private partial void LogNotIndexed(Exception failure, string clip);

    [LoggerMessage(LogLevel.Error, "Clip {Source}/{Clip} failed")]
    private partial void LogFailed(Exception failure, string source, string clip);
}
