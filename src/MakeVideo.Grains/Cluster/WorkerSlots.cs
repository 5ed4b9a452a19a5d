namespace MakeVideo.Grains.Cluster;

/// <summary>Bounds what runs on this silo; waiting work is served in job order, then in order of arrival.</summary>
internal sealed class WorkerSlots(int limit)
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<TaskCompletionSource<bool>, (long Order, long Arrival)> _waiting = new();
    private long _arrivals;

    /// <summary>Slots in all.</summary>
    public int Limit { get; } = limit > 0 ? limit : throw new ArgumentOutOfRangeException(nameof(limit), limit, "At least one slot.");

    /// <summary>Slots taken.</summary>
    public int Used { get; private set; }

    /// <summary>Items in line.</summary>
    public int Waiting { get; private set; }

    /// <summary>Waits for a slot; dispose what it returns to give the slot back.</summary>
    /// <param name="order">Lower goes first.</param>
    /// <param name="cancellation">Leaves the line.</param>
    public async Task<IDisposable> TakeAsync(long order, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        TaskCompletionSource<bool> turn;
        lock (_lock)
        {
            if (Used < Limit)
            {
                Used++;
                return new Slot(this);
            }

            turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(turn, (order, _arrivals++));
            Waiting++;
        }

        await using var leave = cancellation.Register(() => Leave(turn));
        return await turn.Task ? new Slot(this) : throw new OperationCanceledException(cancellation);
    }

    private void Leave(TaskCompletionSource<bool> turn)
    {
        lock (_lock)
        {
            if (turn.TrySetResult(false))
            {
                Waiting--;
            }
        }
    }

    private void Release()
    {
        lock (_lock)
        {
            // Who left the line has its result already and is passed over.
            while (_waiting.TryDequeue(out var next, out _))
            {
                if (next.TrySetResult(true))
                {
                    Waiting--;
                    return;
                }
            }

            Used--;
        }
    }

    private sealed class Slot(WorkerSlots slots) : IDisposable
    {
        private int _released;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0)
            {
                slots.Release();
            }
        }
    }
}
