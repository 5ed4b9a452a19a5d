using MakeVideo.Contracts;
using MakeVideo.Grains.Jobs;

namespace MakeVideo.UnitTests.Grains;

public sealed class JobLineTests
{
    private const double JobSeconds = 60;

    /// <summary>Seconds of work of one item, which nothing interrupts: a segment.</summary>
    private const double ItemSeconds = 4;

    [Theory]
    [InlineData(1, 30)]
    [InlineData(4, 0)]
    [InlineData(4, 61)]
    [InlineData(4, 1234)]
    [InlineData(16, 600)]
    public void Who_has_two_jobs_waits_no_longer_than_one_job_takes_for_who_has_two_hundred(int active, double arrives)
    {
        var machine = new Machine(active);
        machine.Send("ann", 200, JobSeconds);
        machine.RunUntil(() => machine.Now >= arrives);
        var sent = machine.Now;
        machine.Send("bob", 2, JobSeconds);
        var first = machine.RunUntil(() => machine.Done("bob") == 1) - sent;
        var both = machine.RunUntil(() => machine.Done("bob") == 2) - sent;

        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"{active} active: the first is done after {first:0} s ({first - JobSeconds:0} s of waiting), both after {both:0} s; a job takes {JobSeconds:0} s"));
        Assert.InRange(first - JobSeconds, 0, JobSeconds + ItemSeconds);
        Assert.InRange(both, 2 * JobSeconds, 4 * JobSeconds + ItemSeconds);
        machine.RunUntil(() => machine.Done("ann") == 200);
        Assert.Equal(202 * JobSeconds, machine.Now, ItemSeconds);
    }

    [Fact]
    public void A_new_queue_goes_on_from_the_turns_that_the_old_one_gave()
    {
        const long Held = 5_000_000;
        var line = new JobLine();
        line.Begin(line.Enter(new("early", "bob", 0, 1, JobSeconds)));
        line.Enter(new("works", "ann", 0, 2, JobSeconds, Held));
        line.Enter(new("next of ann", "ann", 0, 3, JobSeconds));
        line.Enter(new("next of bob", "bob", 0, 4, JobSeconds));
        line.Enter(new("after that", "bob", 0, 5, JobSeconds));

        // Both owners in turn, as if nothing had happened.
        Assert.Equal(["next of bob", "next of ann", "after that"], line.First(3).Select(place => place.Ask.JobId));
        Assert.All(line.First(3).ToList(), place => Assert.True(line.Begin(place) >= Held));
    }

    [Fact]
    public void What_stands_before_a_job_is_what_is_served_before_it()
    {
        var line = new JobLine();
        var works = line.Enter(Ask("works", "ann", 1));
        line.Begin(works);
        works.SecondsLeft = 30;
        line.Enter(Ask("second", "ann", 2)).SecondsLeft = 100;
        line.Enter(Ask("third", "ann", 3)).SecondsLeft = 100;

        Assert.Equal(new(0, 0), line.Ahead(Ask("works", "ann", 1), free: 0));
        Assert.Equal(new(1, 30), line.Ahead(Ask("second", "ann", 2), free: 0));
        Assert.Equal(new(2, 130), line.Ahead(Ask("third", "ann", 3), free: 0));
        Assert.Equal(new(1, 130), line.Ahead(Ask("third", "ann", 3), free: 1));

        // Another owner's first goes before ann's second; asking is not entering.
        Assert.Equal(new(1, 30), line.Ahead(Ask("", "bob", 4), free: 0));
        Assert.Null(line.Find(""));
        Assert.Equal((3, 1), (line.Places.Count, line.Owners));

        static TurnAsk Ask(string job, string owner, long created) => new(job, owner, 0, created, JobSeconds);
    }

    [Fact]
    public void Owners_who_all_have_work_get_the_same_share_however_long_their_jobs_are()
    {
        var machine = new Machine(active: 4);
        machine.Send("ann", 400, 10);
        machine.Send("bob", 40, 100);
        machine.Send("cay", 12, 300);
        machine.RunUntil(() => machine.Now >= 6000);

        foreach (var owner in new[] { "ann", "bob", "cay" })
        {
            Assert.InRange(machine.Served(owner), 2000 - 600, 2000 + 600);
        }
    }

    [Fact]
    public void Nobody_gathers_turns_by_waiting_and_nobody_owes_for_what_nobody_else_wanted()
    {
        var machine = new Machine(active: 2);
        machine.Send("ann", 50, JobSeconds);
        machine.RunUntil(() => machine.Done("ann") == 50);
        machine.Send("ann", 10, JobSeconds);
        machine.Send("bob", 10, JobSeconds);
        machine.RunUntil(() => machine.Done("ann") + machine.Done("bob") == 60);

        Assert.InRange(machine.Done("bob"), 4, 6);
    }

    [Fact]
    public void Who_comes_late_shares_from_then_on_and_gets_nothing_for_the_time_before()
    {
        var machine = new Machine(active: 2);
        machine.Send("ann", 200, JobSeconds);
        machine.RunUntil(() => machine.Done("ann") == 100);
        machine.Send("bob", 100, JobSeconds);
        machine.RunUntil(() => machine.Done("ann") + machine.Done("bob") == 140);

        Assert.InRange(machine.Done("bob"), 18, 22);
    }

    [Fact]
    public void One_owners_jobs_go_by_priority_then_age()
    {
        var line = new JobLine();
        foreach (var (job, priority, age) in new[] { ("young", 0, 9), ("old", 0, 1), ("urgent", 1, 5) })
        {
            line.Enter(new(job, "ann", priority, age, 10));
        }

        Assert.Equal(["urgent", "old", "young"], line.First(3).Select(place => place.Ask.JobId));
        Assert.Equal(["urgent"], line.First(1).Select(place => place.Ask.JobId));
        Assert.Empty(line.First(0));
    }

    [Fact]
    public void A_job_that_works_already_keeps_its_turn_under_a_new_queue()
    {
        var line = new JobLine();
        var held = line.Enter(new("ann-1", "ann", 0, 1, 60, Turn: 120_000));
        var next = line.Enter(new("ann-2", "ann", 0, 2, 60));

        Assert.Equal((120_000, 1), (held.Turn, line.Working));
        Assert.Equal(180_000, line.Begin(next));
    }

    /// <summary>One slot that works on the items of active jobs in the order of their turns.</summary>
    private sealed class Machine(int active)
    {
        private readonly JobLine _line = new();
        private readonly List<(JobLine.Place Place, int Arrival, double Left)> _work = [];
        private readonly Dictionary<string, int> _done = [];
        private readonly Dictionary<string, double> _served = [];
        private int _sent;

        public double Now { get; private set; }

        public int Done(string owner) => _done.GetValueOrDefault(owner);

        public double Served(string owner) => _served.GetValueOrDefault(owner);

        public void Send(string owner, int jobs, double seconds)
        {
            for (var i = 0; i < jobs; i++)
            {
                _line.Enter(new($"{owner}-{_sent++}", owner, 0, _sent, seconds));
            }
        }

        public double RunUntil(Func<bool> condition)
        {
            while (!condition())
            {
                foreach (var place in _line.First(active - _line.Working).ToList())
                {
                    _line.Begin(place);
                    _work.Add((place, _sent++, place.Ask.Seconds));
                }

                var next = _work.MinBy(work => (work.Place.Turn, work.Arrival));
                var item = Math.Min(ItemSeconds, next.Left);
                Now += item;
                _served[next.Place.Owner.Name] = Served(next.Place.Owner.Name) + item;
                _work.Remove(next);
                if (next.Left > item)
                {
                    _work.Add(next with { Left = next.Left - item });
                }
                else
                {
                    _line.Remove(next.Place);
                    _done[next.Place.Owner.Name] = Done(next.Place.Owner.Name) + 1;
                }
            }

            return Now;
        }
    }
}
