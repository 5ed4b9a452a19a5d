using MakeVideo.Contracts;

namespace MakeVideo.Grains.Jobs;

/// <summary>
/// Jobs in line and at work, shared among owners by start-time fair queueing (Goyal, Vin and Cheng 1996): a turn is a time on a clock that counts
/// seconds of audio, each owner's next turn comes when its last one is paid for, and who comes back after a pause begins at the turn that is
/// served now. An owner with one job therefore goes before all but the first of another's hundred, and nobody gathers turns by waiting.
/// </summary>
internal sealed class JobLine
{
    private readonly Dictionary<string, Place> _places = [];
    private readonly Dictionary<string, OwnerLine> _owners = [];
    private readonly SortedSet<(long Turn, string JobId)> _working = [];
    private long _now;

    public IReadOnlyCollection<Place> Places => _places.Values;

    public int Working => _working.Count;

    public int Waiting => _places.Count - Working;

    public int Owners => _owners.Values.Count(owner => owner.IsBusy);

    public Place? Find(string jobId) => _places.GetValueOrDefault(jobId);

    /// <summary>The job's place: new at the end of its owner's line, or as it is. What has changed since it last asked counts.</summary>
    public Place Enter(TurnAsk ask)
    {
        if (_places.TryGetValue(ask.JobId, out var known))
        {
            if (known.Turn is not null || IsSamePlace(known.Ask, ask))
            {
                return known;
            }

            Remove(known);
        }

        var owner = OwnerOf(ask);
        if (!owner.IsBusy)
        {
            owner.Next = Math.Max(owner.Next, _now);
        }

        var place = _places[ask.JobId] = new(ask, owner);
        owner.Line.Add(place);
        if (ask.Turn is { } held)
        {
            // It works already: the queue that gave it its turn is gone.
            Adopt(held);
            Begin(place, held);
        }

        return place;
    }

    /// <summary>Those whose turn it is when so many places are free, the first first.</summary>
    public IEnumerable<Place> First(int free)
    {
        if (free <= 0 || Waiting == 0)
        {
            yield break;
        }

        var heads = new PriorityQueue<(IEnumerator<Place> Line, long Next), (long Next, long Age, string JobId)>();
        foreach (var owner in _owners.Values)
        {
            Push(owner.Line.GetEnumerator(), owner.Next);
        }

        for (; free > 0 && heads.TryDequeue(out var head, out _); free--)
        {
            var place = head.Line.Current;
            Push(head.Line, head.Next + place.Cost);
            yield return place;
        }

        void Push(IEnumerator<Place> line, long next)
        {
            if (line.MoveNext())
            {
                heads.Enqueue((line, next), (next, line.Current.Ask.CreatedAt, line.Current.Ask.JobId));
            }
        }
    }

    /// <summary>What goes before a job, or before one that would come.</summary>
    /// <param name="ask">The job as it asks, or would.</param>
    /// <param name="free">Places that nobody holds.</param>
    public QueueSight Ahead(TurnAsk ask, int free)
    {
        var known = Find(ask.JobId);
        var place = known ?? Enter(ask);
        try
        {
            // At work, lower turns get the slots first; in line, all that work now are served before.
            var ahead = _places.Values.Where(other => other.Turn is { } turn && other != place && (place.Turn is not { } mine || turn < mine)).Sum(other => other.SecondsLeft);
            if (place.Turn is not null)
            {
                return new(0, ahead);
            }

            var before = First(int.MaxValue).TakeWhile(other => other != place).ToList();
            return new(Math.Max(0, before.Count + 1 - free), ahead + before.Sum(other => other.SecondsLeft));
        }
        finally
        {
            if (known is null)
            {
                Remove(place);
            }
        }
    }

    /// <summary>Gives a job in line its turn.</summary>
    public long Begin(Place place) => Begin(place, place.Owner.Next);

    public void Remove(Place place)
    {
        _places.Remove(place.Ask.JobId);
        place.Owner.Line.Remove(place);
        if (place.Turn is { } had)
        {
            _working.Remove((had, place.Ask.JobId));
            place.Owner.Working--;
        }

        if (_places.Count == 0)
        {
            // Nobody wants anything: all debts end.
            _now = Math.Max(_now, _owners.Values.Max(owner => owner.Next));
            _owners.Clear();
            return;
        }

        // The turn that is served now: the first of those at work.
        _now = Math.Max(_now, Working > 0 ? _working.Min.Turn : _now);
        if (!place.Owner.IsBusy && place.Owner.Next <= _now)
        {
            _owners.Remove(place.Owner.Name);
        }
    }

    /// <summary>The clock goes on from a turn that an earlier queue gave, for those too who asked this one before: nobody's turns begin at nought again.</summary>
    private void Adopt(long held)
    {
        _now = Math.Max(_now, held);
        foreach (var owner in _owners.Values)
        {
            owner.Next = Math.Max(owner.Next, _now);
        }
    }

    private long Begin(Place place, long turn)
    {
        place.Turn = turn;
        place.Owner.Line.Remove(place);
        place.Owner.Next = Math.Max(place.Owner.Next, turn + place.Cost);
        place.Owner.Working++;
        _working.Add((turn, place.Ask.JobId));
        return turn;
    }

    private static bool IsSamePlace(TurnAsk one, TurnAsk other) =>
        one.Owner == other.Owner && one.Priority == other.Priority && one.CreatedAt == other.CreatedAt && one.Seconds == other.Seconds;

    private OwnerLine OwnerOf(TurnAsk ask)
    {
        var name = ask.Owner ?? "";
        return _owners.TryGetValue(name, out var owner) ? owner : _owners[name] = new(name);
    }

    /// <summary>High priority before low, old before young.</summary>
    private static int Compare(Place one, Place other) =>
        one.Ask.Priority != other.Ask.Priority ? other.Ask.Priority.CompareTo(one.Ask.Priority)
        : one.Ask.CreatedAt != other.Ask.CreatedAt ? one.Ask.CreatedAt.CompareTo(other.Ask.CreatedAt)
        : string.CompareOrdinal(one.Ask.JobId, other.Ask.JobId);

    /// <summary>A job in line or at work.</summary>
    internal sealed class Place(TurnAsk ask, OwnerLine owner)
    {
        public TurnAsk Ask => ask;

        public OwnerLine Owner => owner;

        /// <summary>Milliseconds of audio; a job always costs something.</summary>
        public long Cost => (long)Math.Max(1000, ask.Seconds * 1000);

        /// <summary>Set while it works.</summary>
        public long? Turn { get; set; }

        /// <summary>Seconds of slots that it still needs, as it told last.</summary>
        public double SecondsLeft { get; set; }

        /// <summary>When it last asked, by the clock's timestamps.</summary>
        public long Asked { get; set; }

        /// <summary>Told that it is its turn, and not yet heard of.</summary>
        public bool Called { get; set; }
    }

    /// <summary>The jobs of one owner.</summary>
    internal sealed class OwnerLine(string name)
    {
        public string Name => name;

        public SortedSet<Place> Line { get; } = new(Comparer<Place>.Create(Compare));

        public int Working { get; set; }

        /// <summary>The turn that its next job will have.</summary>
        public long Next { get; set; }

        public bool IsBusy => Working > 0 || Line.Count > 0;
    }
}
