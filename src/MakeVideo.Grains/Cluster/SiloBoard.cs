using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace MakeVideo.Grains.Cluster;

/// <summary>How busy one silo is, as it says itself.</summary>
/// <param name="Silo">Who.</param>
/// <param name="Used">Slots taken.</param>
/// <param name="Waiting">Items in line for a slot.</param>
/// <param name="Limit">Slots in all.</param>
/// <param name="Draining">It takes no new work.</param>
/// <param name="StoreSeen">The store answered it within the last seconds.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Admin">Address of its admin port; null where it has none.</param>
[GenerateSerializer, Immutable, Alias("silo-load")]
internal sealed record SiloLoad(
    [property: Id(0)] SiloAddress Silo,
    [property: Id(1)] int Used,
    [property: Id(2)] int Waiting,
    [property: Id(3)] int Limit,
    [property: Id(4)] bool Draining,
    [property: Id(5)] bool StoreSeen,
    [property: Id(6)] string Name = "",
    [property: Id(7)] string? Admin = null);

/// <summary>What this silo knows of the load of all, its own included; others tell it twice a second.</summary>
internal sealed class SiloBoard(WorkerSlots slots, ILocalSiloDetails silo, TimeProvider clock, ClusterSettings? settings = null)
{
    /// <summary>How often an item in line looks whether another silo is idle.</summary>
    private static readonly TimeSpan LookAround = TimeSpan.FromSeconds(1);

    /// <summary>What was said longer ago counts no more.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<SiloAddress, Entry> _others = new();

    /// <summary>Set when this silo begins to leave: it takes no new work from then on.</summary>
    public bool Draining { get; set; }

    /// <summary>Whether the store answers this silo; kept by <see cref="StoreWatch"/>.</summary>
    public bool StoreSeen { get; set; } = true;

    /// <summary>This silo's load now.</summary>
    public SiloLoad Mine => new(silo.SiloAddress, slots.Used, slots.Waiting, slots.Limit, Draining, StoreSeen, silo.Name, settings?.AdminAddress);

    /// <summary>Loads that were told lately, without this silo's.</summary>
    public ImmutableArray<SiloLoad> Others => [.. _others.Values.Where(IsFresh).Select(entry => entry.Load)];

    /// <summary>Others are members, and none of them answers: it is this silo that is cut off.</summary>
    public bool Alone => !_others.IsEmpty && Others.IsEmpty;

    /// <summary>Slots of the cluster, as far as this silo knows.</summary>
    public int AllSlots => slots.Limit + Others.Sum(other => other.Limit);

    /// <summary>Notes what another silo says of itself.</summary>
    public void Note(SiloLoad load) => _others[load.Silo] = new(load, clock.GetTimestamp());

    /// <summary>Drops what is known of a silo that is gone.</summary>
    public void Forget(SiloAddress gone) => _others.TryRemove(gone, out _);

    /// <summary>The silo with the shortest line for its slots. What is placed counts at once, so that a burst spreads before anybody has told.</summary>
    /// <param name="candidates">At least one.</param>
    public SiloAddress Pick(IReadOnlyList<SiloAddress> candidates)
    {
        var start = Random.Shared.Next(candidates.Count);
        var best = candidates[start];
        var least = double.MaxValue;
        for (var i = 0; i < candidates.Count; i++)
        {
            var candidate = candidates[(start + i) % candidates.Count];
            var pressure = candidate.Equals(silo.SiloAddress) ? Pressure(Mine, _placedHere) : PressureOf(candidate);
            if (pressure < least)
            {
                (best, least) = (candidate, pressure);
            }
        }

        Placed(best);
        return best;
    }

    /// <summary>A slot of this silo; null when the item had better go elsewhere: this silo leaves, or another is idle.</summary>
    public async Task<IDisposable?> TakeSlotAsync(long order, CancellationToken cancellation)
    {
        if (Draining)
        {
            return null;
        }

        using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var turn = slots.TakeAsync(order, leave.Token);
        while (!turn.IsCompleted)
        {
            await Task.WhenAny(turn, Task.Delay(LookAround, clock, CancellationToken.None));
            if (!turn.IsCompleted && (Draining || Reserve()))
            {
                await leave.CancelAsync();
            }
        }

        try
        {
            return await turn;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>What is placed here is in the slots' own count by the time others tell theirs.</summary>
    public void Told() => _placedHere = 0;

    private int _placedHere;

    /// <summary>A silo that was never heard of is new and idle; one that has fallen silent may be dying.</summary>
    private double PressureOf(SiloAddress other) =>
        !_others.TryGetValue(other, out var entry) ? 0 : IsFresh(entry) ? Pressure(entry.Load, entry.Placed) : double.MaxValue / 4;

    private bool IsFresh(Entry entry) => clock.GetElapsedTime(entry.At) < Fresh;

    private void Placed(SiloAddress target)
    {
        if (target.Equals(silo.SiloAddress))
        {
            Interlocked.Increment(ref _placedHere);
        }
        else if (_others.TryGetValue(target, out var entry))
        {
            Interlocked.Increment(ref entry.Placed);
        }
    }

    /// <summary>Claims an idle slot elsewhere, so that a whole line does not run to it.</summary>
    private bool Reserve()
    {
        foreach (var entry in _others.Values)
        {
            if (IsFresh(entry) && !entry.Load.Draining && entry.Load.Used + entry.Load.Waiting + entry.Reserved < entry.Load.Limit)
            {
                Interlocked.Increment(ref entry.Reserved);
                return true;
            }
        }

        return false;
    }

    private static double Pressure(SiloLoad load, int placed) =>
        load.Draining ? double.MaxValue / 2 : (double)(load.Used + load.Waiting + placed) / load.Limit;

    private sealed class Entry(SiloLoad load, long at)
    {
        public int Placed;
        public int Reserved;

        public SiloLoad Load => load;

        public long At => at;
    }
}
