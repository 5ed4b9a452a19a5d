namespace MakeVideo.Grains.Cluster;

/// <summary>One piece of work at a time that any number of jobs join by long polls. Lives on the scheduler of the grain that owns it.</summary>
/// <param name="answerWithin">The longest that a caller waits.</param>
internal sealed class JoinedWork<T>(TimeSpan answerWithin) : IAsyncDisposable
    where T : class
{
    /// <summary>A caller's first wait is short: by the answer it knows where the work is, before that can take its silo with it.</summary>
    private static readonly TimeSpan FirstAnswer = TimeSpan.FromMilliseconds(100);

    private readonly HashSet<string> _callers = [];
    private CancellationTokenSource _stop = new();
    private Task<T>? _work;
    private bool _closed;

    /// <summary>Nothing is under way, and no answer waits for who asked.</summary>
    public bool Idle => _work is null;

    /// <summary>Joins the work under way or starts it. Its answer when it is done in time, else null; who asks after an answer starts anew.</summary>
    public async Task<T?> AskAsync(string caller, Func<CancellationToken, Task<T>> start)
    {
        var patience = _callers.Add(caller) && FirstAnswer < answerWithin ? FirstAnswer : answerWithin;
        if (_work is null && _stop.IsCancellationRequested && !_closed)
        {
            _stop.Dispose();
            _stop = new();
        }

        var work = _work ??= start(_stop.Token);
        if (!work.IsCompleted)
        {
            using var answered = new CancellationTokenSource();
            await Task.WhenAny(work, Task.Delay(patience, answered.Token));
            await answered.CancelAsync();
            if (!work.IsCompleted)
            {
                return null;
            }
        }

        if (_work == work)
        {
            _work = null;
            _callers.Clear();
        }

        return await work;
    }

    /// <summary>A caller wants the work no more; when nobody else does, it has ended when this returns.</summary>
    public async Task LeaveAsync(string caller)
    {
        if (_callers.Remove(caller) && _callers.Count == 0)
        {
            await StopAsync();
        }
    }

    /// <summary>Cancels the work for good; it has ended when this returns, and what is asked for later is cancelled at once.</summary>
    public async Task CloseAsync()
    {
        _closed = true;
        await StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _stop.Dispose();
    }

    /// <summary>Ends the work under way for every caller, a failure that each is told; whoever asks next starts anew.</summary>
    public async Task StopAsync()
    {
        var work = _work;
        await _stop.CancelAsync();
        await (work ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (_work == work)
        {
            _work = null;
        }
    }
}
