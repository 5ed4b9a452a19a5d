namespace MakeVideo.Grains.Jobs;

/// <summary>Writes one state of one job, one write at a time, several changes to a write. Lives on the scheduler of the job's grain.</summary>
/// <param name="write">Writes the state as it is then.</param>
/// <param name="clock">For the pause before a write.</param>
internal sealed class StateWriter(Func<Task> write, TimeProvider clock)
{
    /// <summary>Changes within this time share a write.</summary>
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(250);

    private TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _saving = Task.CompletedTask;
    private long _changes;
    private long _written;

    /// <summary>Writes now, and is back when the store has it. Calls during a write share the next one.</summary>
    public Task SaveAsync()
    {
        _changes++;
        return FlushAsync();
    }

    /// <summary>Writes now what is unsaved, a write that failed before included. Nothing to do is done at once.</summary>
    public async Task FlushAsync()
    {
        var wanted = _changes;
        while (_written < wanted)
        {
            if (_saving.IsCompleted)
            {
                _saving = WriteAsync(TimeSpan.Zero);
            }

            _hurry.TrySetResult();
            await _saving;
        }
    }

    /// <summary>
    /// Writes within a moment: items and stages that end in quick succession share one write. The items know their own truth, so nothing is lost
    /// with what was not yet written. A write that failed is told by the next call.
    /// </summary>
    public Task SaveSoonAsync()
    {
        _changes++;
        if (_saving.IsFaulted || _saving.IsCanceled)
        {
            return _saving;
        }

        if (_saving.IsCompleted)
        {
            _saving = WriteAsync(Together);
        }

        return Task.CompletedTask;
    }

    /// <summary>Waits for the write under way, whatever becomes of it, and forgets what is unsaved: the state is about to be read again.</summary>
    public async Task ForgetAsync()
    {
        _written = _changes;
        _hurry.TrySetResult();
        await _saving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        (_saving, _written) = (Task.CompletedTask, _changes);
    }

    /// <summary>One write; what changed while it was under way begins the next.</summary>
    private async Task WriteAsync(TimeSpan pause)
    {
        if (pause > TimeSpan.Zero)
        {
            _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);
            using var hurried = new CancellationTokenSource();
            await Task.WhenAny(_hurry.Task, Task.Delay(pause, clock, hurried.Token));
            await hurried.CancelAsync();
        }

        if (_written == _changes)
        {
            return;
        }

        var changes = _changes;
        await write();
        _written = Math.Max(_written, changes);
        if (_written < _changes)
        {
            _saving = WriteAsync(Together);
        }
    }
}
