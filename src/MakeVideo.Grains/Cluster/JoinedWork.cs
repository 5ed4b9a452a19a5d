namespace MakeVideo.Grains.Cluster;

/// <summary>One piece of work at a time that any number of callers join by long polls. Lives on the scheduler of the grain that owns it.</summary>
/// <param name="answerWithin">The longest that a caller waits.</param>
internal sealed class JoinedWork<T>(TimeSpan answerWithin) : IAsyncDisposable
    where T : class
{
    private readonly CancellationTokenSource _stop = new();
    private Task<T>? _work;

    /// <summary>Joins the work under way or starts it. Its answer when it is done in time, else null; who asks after an answer starts anew.</summary>
    public async Task<T?> AskAsync(Func<CancellationToken, Task<T>> start)
    {
        var work = _work ??= start(_stop.Token);
        await Task.WhenAny(work, Task.Delay(answerWithin));
        if (!work.IsCompleted)
        {
            return null;
        }

        if (_work == work)
        {
            _work = null;
        }

        return await work;
    }

    /// <summary>Cancels the work; it has ended when this returns, and what is asked for later is cancelled at once.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await (_work ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }
}
