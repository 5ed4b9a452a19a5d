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
    private bool _unsaved;

    /// <summary>Writes now, and is back when the store has it. Calls during a write share the next one.</summary>
    public Task SaveAsync()
    {
        _unsaved = true;
        return FlushAsync();
    }

    /// <summary>Writes now what is unsaved; tells of a write that failed. Nothing to do is done at once.</summary>
    public async Task FlushAsync()
    {
        _hurry.TrySetResult();
        while (_unsaved)
        {
            await (_saving.IsCompleted ? _saving = WriteAsync(TimeSpan.Zero) : _saving);
        }

        await _saving;
    }

    /// <summary>
    /// Writes within a moment: items and stages that end in quick succession share one write. The items know their own truth, so nothing is lost
    /// with what was not yet written. A write that failed is told by the next call.
    /// </summary>
    public Task SaveSoonAsync()
    {
        _unsaved = true;
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
        _unsaved = false;
        _hurry.TrySetResult();
        await _saving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        (_saving, _unsaved) = (Task.CompletedTask, false);
    }

    private async Task WriteAsync(TimeSpan pause)
    {
        while (_unsaved)
        {
            if (pause > TimeSpan.Zero)
            {
                _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);
                using var hurried = new CancellationTokenSource();
                await Task.WhenAny(_hurry.Task, Task.Delay(pause, clock, hurried.Token));
                await hurried.CancelAsync();
            }

            // Whoever forgot the change meanwhile reads it anew.
            if (_unsaved)
            {
                _unsaved = false;
                await write();
            }
        }
    }
}
