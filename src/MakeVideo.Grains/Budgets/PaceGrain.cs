using System.Collections.Immutable;
using MakeVideo.Grains.Cluster;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace MakeVideo.Grains.Budgets;

/// <summary>The cluster's speeds. Key: 0.</summary>
[Alias("pace-grain")]
internal interface IPaceGrain : IGrainWithIntegerKey
{
    /// <summary>Takes in what jobs took, and answers with all speeds.</summary>
    [Alias("note")]
    Task<ImmutableDictionary<string, Pace>> NoteAsync(ImmutableArray<PaceNote> notes);
}

/// <summary>
/// Averages what the silos' jobs took. Each silo tells a few times a minute, whatever runs on it, and what it told is written no oftener: some seconds of
/// it may be lost with a silo, and are learned again.
/// </summary>
[GrainType("pace")]
internal sealed partial class PaceGrain([PersistentState("pace")] IPersistentState<PaceState> state, ILogger<PaceGrain> logger) : Grain, IPaceGrain
{
    private static readonly TimeSpan WrittenWithin = TimeSpan.FromSeconds(15);

    /// <summary>Stages, qualities, sources and engines make a few dozen.</summary>
    private const int MostKeys = 200;

    private IGrainTimer? _write;

    public Task<ImmutableDictionary<string, Pace>> NoteAsync(ImmutableArray<PaceNote> notes)
    {
        // What cannot be read is no reason to know nothing: it is learned again.
        state.State.Corruption = null;
        var paces = state.State.Paces;
        foreach (var note in notes.Where(note => note.IsSound && (paces.Count < MostKeys || paces.ContainsKey(note.Key))))
        {
            paces[note.Key] = Pace.With(paces.GetValueOrDefault(note.Key), note);
            _write ??= this.RegisterGrainTimer(WriteAsync, new GrainTimerCreationOptions(WrittenWithin, Timeout.InfiniteTimeSpan) { KeepAlive = true });
        }

        return Task.FromResult(paces.ToImmutableDictionary());
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _write is null ? Task.CompletedTask : WriteAsync(cancellationToken);

    private async Task WriteAsync(CancellationToken cancellation)
    {
        _write?.Dispose();
        _write = null;
        try
        {
            await state.WriteStateAsync(cancellation);
        }
        catch (InconsistentStateException)
        {
            // Another activation keeps them now.
            DeactivateOnIdle();
        }
        catch (Exception failure) when (Outages.Is(failure))
        {
            LogNotKept(failure);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The speeds that were learned could not be kept")]
    private partial void LogNotKept(Exception failure);
}
