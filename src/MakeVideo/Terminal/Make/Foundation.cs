using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;

namespace MakeVideo.Terminal.Make;

/// <summary>
/// What a running job stands on, looked at every second: room on the disk, and the store. Rendering stops while there is still room to
/// write down how far it came, and does not wait for a store that lives in this process and does not answer: it will not come back.
/// </summary>
/// <param name="free">Bytes free where the data lies.</param>
/// <param name="storeAnswers">Whether the store answered lately.</param>
/// <param name="clock">For the seconds.</param>
internal sealed class Foundation(Func<long> free, Func<bool> storeAnswers, TimeProvider clock) : IDisposable
{
    /// <summary>Bytes: the store's next pages, and some seconds of two full-size renders.</summary>
    public const long LeastFree = 128L << 20;

    /// <summary>A store that is busy committing may miss a look or two.</summary>
    private static readonly TimeSpan StorePatience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _gone = new();
    private long _answered = clock.GetTimestamp();

    /// <summary>Of the disk with the data folder and of this process's silo.</summary>
    public static Foundation Of(DataFolder data, IServiceProvider silo)
    {
        var (disk, board) = (new DriveInfo(data.Root), silo.GetRequiredService<SiloBoard>());
        return new(() => disk.AvailableFreeSpace, () => board.StoreSeen, TimeProvider.System);
    }

    /// <summary>Why the work cannot go on; null while it can.</summary>
    public string? Trouble { get; private set; }

    /// <summary>The trouble's code.</summary>
    public string Code { get; private set; } = FailureCodes.DiskFull;

    /// <summary>Cancelled with the first trouble.</summary>
    public CancellationToken Gone => _gone.Token;

    /// <summary>Looks until there is trouble or nobody wants to know any more.</summary>
    public async Task WatchAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(LookEvery, clock);
        try
        {
            while (Trouble is null)
            {
                await timer.WaitForNextTickAsync(cancellation);
                Look();
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }

        await _gone.CancelAsync();
    }

    /// <summary>One look.</summary>
    public void Look()
    {
        _answered = storeAnswers() ? clock.GetTimestamp() : _answered;
        var left = free();
        if (left < LeastFree)
        {
            Trouble = $"The disk of the data folder has {left >> 20} MB left; the work stopped. Free space, then go on";
        }
        else if (clock.GetElapsedTime(_answered) > StorePatience)
        {
            (Code, Trouble) = (FailureCodes.StoreUnavailable, "The embedded store does not answer any more; the work stopped. The log has why; then go on");
        }
    }

    public void Dispose() => _gone.Dispose();
}
