using System.Collections.Immutable;

namespace MakeVideo.Grains.Budgets;

/// <summary>
/// This silo's copy of the cluster's speeds, and what its jobs have to add. One call every few seconds at most, however many jobs there are; while
/// <see cref="PaceGrain"/> does not answer, what was known last holds, and nobody waits.
/// </summary>
internal sealed class PaceBook(IGrainFactory grains, TimeProvider clock) : IDisposable
{
    /// <summary>How old a copy may be, and how long notes are gathered.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, PaceNote> _notes = [];
    private Paces _paces = Paces.None;
    private long? _read;
    private volatile bool _asked;
    private Task _exchange = Task.CompletedTask;
    private ITimer? _later;

    /// <summary>The speeds as far as this silo knows; never waits, and asks for newer ones when they are old.</summary>
    public Paces Current
    {
        get
        {
            Refresh();
            return _paces;
        }
    }

    /// <summary>The speeds, asked for when the copy is old.</summary>
    public async ValueTask<Paces> ReadAsync()
    {
        await Refresh();
        return _paces;
    }

    /// <summary>Returns when the speeds were asked for once: a silo that starts would else take every cluster for one that knows nothing.</summary>
    public ValueTask ReadyAsync() => _asked ? default : new(Refresh());

    /// <summary>Adds what one job's work took.</summary>
    public void Note(PaceNote note)
    {
        if (!note.IsSound)
        {
            return;
        }

        lock (_lock)
        {
            _notes[note.Key] = _notes.TryGetValue(note.Key, out var other)
                ? other with { Amount = other.Amount + note.Amount, Units = other.Units + note.Units, Count = other.Count + note.Count }
                : note;

            // The last job before a quiet time must be told of too.
            _later ??= clock.CreateTimer(_ => Refresh(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _later.Change(Every, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Tells what is gathered, now: the silo is about to leave.</summary>
    public async Task FlushAsync()
    {
        await Refresh();
        lock (_lock)
        {
            _read = null;
        }

        await Refresh();
    }

    public void Dispose() => _later?.Dispose();

    private Task Refresh()
    {
        lock (_lock)
        {
            if (!_exchange.IsCompleted || (_read is { } read && clock.GetElapsedTime(read) < Every))
            {
                return _exchange;
            }

            _read = clock.GetTimestamp();
            ImmutableArray<PaceNote> notes = [.. _notes.Values];
            _notes.Clear();
            return _exchange = ExchangeAsync(notes);
        }
    }

    private async Task ExchangeAsync(ImmutableArray<PaceNote> notes)
    {
        try
        {
            _paces = new(await grains.GetGrain<IPaceGrain>(0).NoteAsync(notes).WaitAsync(AnswersWithin, clock));
        }
        catch (Exception)
        {
            // Whatever it was, no job is to fail for it. What these took is lost; the next ones take the same.
        }

        _asked = true;
    }
}
