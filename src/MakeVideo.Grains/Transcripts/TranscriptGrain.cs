using System.Collections.Immutable;
using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Storage;

namespace MakeVideo.Grains.Transcripts;

/// <summary>What was heard in one audio.</summary>
internal sealed class TranscriptState : PersistedState
{
    public DecodedAudio? Audio { get; set; }

    public Transcript? Transcript { get; set; }

    /// <summary>When it was heard, by the store's clock; null in states from before it was noted.</summary>
    public DateTimeOffset? HeardAt { get; set; }
}

/// <summary>Listens to one audio, once, however many jobs bring it.</summary>
[FreeSlotPlacement, GrainType("transcript"), Reentrant]
internal sealed partial class TranscriptGrain(
    [PersistentState("transcript")] IPersistentState<TranscriptState> state,
    Listening listening, SiloBoard board, WorkOptions options, ILocalSiloDetails silo, StoreClock store, ILogger<TranscriptGrain> logger) : Grain, ITranscriptGrain, IAsyncDisposable
{
    /// <summary>What a second choice heard holds for the jobs of its time, so that none changes its words half-way; then the first is asked again.</summary>
    private static readonly TimeSpan SecondChoiceLasts = TimeSpan.FromHours(1);

    private readonly JoinedWork<TranscriptAnswer> _work = new(options.AnswerWithin);
    private DecodedAudio? _decoded;

    // Kept while no engine has turned it into words: one that is asked again after an outage need not search again.
    private ImmutableArray<SpeechSpan>? _speech;
    private double _fraction;
    private bool _inLine;

    public async Task<TranscriptAnswer> EnsureAsync(TranscriptOrder order)
    {
        if (state.State is { Transcript: { } transcript, Audio: { } audio } && (store.Now - state.State.HeardAt < SecondChoiceLasts || listening.IsFirstChoice(transcript, order)))
        {
            return new(1, transcript, audio);
        }

        DelayDeactivation(TimeSpan.FromMinutes(2));
        return await _work.AskAsync(order.JobId, stop => WorkAsync(order, stop)) ?? new(_fraction, Audio: _decoded, Silo: silo.Name, InLine: _inLine);
    }

    public Task<Transcript?> KnownAsync() => Task.FromResult(state.State.Transcript);

    public Task LeaveAsync(string jobId) => _work.LeaveAsync(jobId);

    public Task StopAsync() => _work.StopAsync();

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _work.CloseAsync();

    public ValueTask DisposeAsync() => _work.DisposeAsync();

    private async Task<TranscriptAnswer> WorkAsync(TranscriptOrder order, CancellationToken cancellation)
    {
        try
        {
            _inLine = true;
            using var slot = await board.TakeSlotAsync(order.Order, cancellation);
            _inLine = false;
            if (slot is null)
            {
                DeactivateOnIdle();
                return new(0, InLine: true);
            }

            var heard = await listening.ListenAsync(
                order, slot, _speech, audio => _decoded = audio, speech => _speech = speech, new Progress(fraction => _fraction = fraction), cancellation);
            if (heard.Failed)
            {
                return new(_fraction, Audio: _decoded, Failure: heard.Failure);
            }

            state.State.Audio = _decoded;
            state.State.Transcript = heard.Value;
            state.State.HeardAt = store.Now;
            await state.WriteStateAsync(CancellationToken.None);
            return new(1, heard.Value, _decoded);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return new(_fraction, Failure: new(FailureCodes.Stopped, JobStage.GeneratingSubtitles, "The silo was stopped.", Retryable: true));
        }
        catch (InconsistentStateException)
        {
            // Another activation has heard it meanwhile: it is asked next.
            DeactivateOnIdle();
            return new(_fraction, Failure: new(FailureCodes.Stopped, JobStage.GeneratingSubtitles, "Another silo has the transcript.", Retryable: true));
        }
        catch (Exception failure)
        {
            LogFailed(failure, order.AudioSha256, order.Language);
            return new(_fraction, Failure: Failures.Of(failure, JobStage.GeneratingSubtitles));
        }
    }

    [LoggerMessage(LogLevel.Error, "Transcription of {Audio} ({Language}) failed")]
    private partial void LogFailed(Exception failure, string audio, string language);
}
