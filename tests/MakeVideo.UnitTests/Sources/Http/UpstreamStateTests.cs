using MakeVideo.Contracts;
using MakeVideo.Sources.Http;
using Microsoft.Extensions.Time.Testing;

namespace MakeVideo.UnitTests.Sources.Http;

public sealed class UpstreamStateTests
{
    private static readonly UpstreamReport Good = new(UpstreamVerdict.Answered);
    private static readonly UpstreamReport Bad = new(UpstreamVerdict.Failed);
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider clock = new();
    private readonly UpstreamLimits limits = new(Concurrency: 4, Failures: 3);
    private readonly UpstreamState state;

    public UpstreamStateTests() => state = new(clock);

    [Fact]
    public void Permits_are_counted_and_given_back()
    {
        var permits = Enumerable.Range(0, 4).Select(_ => Enter().Permit!).ToList();
        Assert.Equal(4, permits.Distinct().Count());

        var fifth = Enter();
        Assert.Equal(UpstreamDoor.Wait, fifth.Door);
        Assert.True(fifth.RetryIn > TimeSpan.Zero);

        state.Leave(permits[0], Good);
        Assert.Equal(UpstreamDoor.Go, Enter().Door);
    }

    [Fact]
    public void A_permit_of_a_caller_that_died_expires_unless_it_is_renewed()
    {
        var (dead, alive) = (Enter().Permit!, Enter().Permit!);
        clock.Advance(TimeSpan.FromSeconds(50));
        state.Renew(alive, Lasts);
        clock.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(1, state.InUse);
        Assert.False(state.Leave(dead, Bad));
        state.Leave(alive, Good);
        Assert.Equal(0, state.InUse);
    }

    [Fact]
    public void Failures_in_a_row_open_the_breaker_and_a_success_between_them_does_not()
    {
        Call(Bad, Bad, Good, Bad, Bad);
        Assert.Equal(UpstreamDoor.Go, Enter().Door);

        Call(Bad);
        var closed = Enter();
        Assert.Equal(UpstreamDoor.Broken, closed.Door);
        Assert.Equal(TimeSpan.FromSeconds(60), closed.RetryIn);
    }

    [Fact]
    public void Half_open_lets_one_probe_through_and_its_success_closes_the_breaker()
    {
        Call(Bad, Bad, Bad);
        clock.Advance(TimeSpan.FromSeconds(60));

        var probe = Enter();
        Assert.Equal(UpstreamDoor.Go, probe.Door);
        Assert.All(Enumerable.Range(0, 20), _ => Assert.Equal(UpstreamDoor.Broken, Enter().Door));

        Assert.True(state.Leave(probe.Permit!, Good));
        Assert.Equal(UpstreamDoor.Go, Enter().Door);
        Assert.Equal(new UpstreamMemory(), state.Memory);
    }

    [Fact]
    public void A_failed_probe_keeps_it_open_until_the_next_one_which_comes_within_ten_seconds()
    {
        Call(Bad, Bad, Bad);
        clock.Advance(TimeSpan.FromSeconds(60));
        Call(Bad);

        Assert.Equal(UpstreamDoor.Broken, Enter().Door);
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(UpstreamDoor.Go, Enter().Door);
    }

    [Fact]
    public void A_probe_whose_caller_died_or_gave_up_makes_room_for_another()
    {
        Call(Bad, Bad, Bad);
        clock.Advance(TimeSpan.FromSeconds(60));
        Call(new UpstreamReport(UpstreamVerdict.Abandoned));
        Assert.Equal(UpstreamDoor.Go, Enter().Door);

        clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(UpstreamDoor.Go, Enter().Door);
    }

    [Fact]
    public void Calls_from_before_it_opened_say_nothing_about_it()
    {
        var early = Enter().Permit!;
        Call(Bad, Bad, Bad);
        state.Leave(early, Good);
        Assert.Equal(UpstreamDoor.Broken, Enter().Door);
    }

    [Fact]
    public void A_throttle_closes_the_gate_for_everyone_as_long_as_it_asked_and_is_no_failure()
    {
        Call(Bad, Bad, new(UpstreamVerdict.Throttled, TimeSpan.FromSeconds(30)));
        var closed = Enter();
        Assert.Equal((UpstreamDoor.Throttled, TimeSpan.FromSeconds(30)), (closed.Door, closed.RetryIn));
        Assert.Equal(0, state.Memory.Failures);

        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(UpstreamDoor.Go, Enter().Door);
    }

    [Fact]
    public void A_shorter_pause_does_not_shorten_a_longer_one()
    {
        var (one, other) = (Enter().Permit!, Enter().Permit!);
        state.Leave(one, new(UpstreamVerdict.Throttled, TimeSpan.FromSeconds(30)));
        state.Leave(other, new(UpstreamVerdict.Throttled, TimeSpan.FromSeconds(1)));

        Assert.Equal(TimeSpan.FromSeconds(30), Enter().RetryIn);
    }

    [Fact]
    public void The_rate_allows_a_burst_and_then_its_pace()
    {
        var paced = limits with { Concurrency = 100, PerSecond = 2, Burst = 3 };
        Assert.All(Enumerable.Range(0, 3), _ => Assert.Equal(UpstreamDoor.Go, state.Enter(paced, Lasts).Door));

        var wait = state.Enter(paced, Lasts);
        Assert.Equal((UpstreamDoor.Wait, TimeSpan.FromSeconds(0.5)), (wait.Door, wait.RetryIn));

        clock.Advance(wait.RetryIn);
        Assert.Equal(UpstreamDoor.Go, state.Enter(paced, Lasts).Door);
        Assert.Equal(UpstreamDoor.Wait, state.Enter(paced, Lasts).Door);
    }

    [Fact]
    public void What_it_remembers_outlives_its_holder()
    {
        Call(Bad, Bad, Bad);
        var heir = new UpstreamState(clock, state.Memory);

        Assert.Equal(UpstreamDoor.Broken, heir.Enter(limits, Lasts).Door);
        clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(UpstreamDoor.Go, heir.Enter(limits, Lasts).Door);
        Assert.Equal(UpstreamDoor.Broken, heir.Enter(limits, Lasts).Door);
    }

    /// <summary>FAULTS.md 37, issue 4: twenty jobs, the upstream down for three minutes. Whoever is turned away comes back when he is told to.</summary>
    [Fact]
    public void An_outage_costs_a_fifth_of_the_calls_at_most_and_its_end_is_noticed_within_ten_seconds()
    {
        const double outage = 180, retryAlone = 5;
        var ten = new UpstreamLimits(Concurrency: 16);
        var comesBack = new double[20];
        var (calls, alone) = (0, comesBack.Length * (int)(outage / retryAlone));
        double? noticed = null;
        for (var now = 0.0; noticed is null && now < 300; now += 0.1, clock.Advance(TimeSpan.FromSeconds(0.1)))
        {
            for (var job = 0; job < comesBack.Length && noticed is null; job++)
            {
                if (comesBack[job] > now)
                {
                    continue;
                }

                var entry = state.Enter(ten, Lasts);
                if (entry.Door is not UpstreamDoor.Go)
                {
                    comesBack[job] = now + entry.RetryIn.TotalSeconds;
                    continue;
                }

                calls++;
                comesBack[job] = now + retryAlone;
                state.Leave(entry.Permit!, now < outage ? Bad : Good);
                noticed = now < outage ? null : now;
            }
        }

        Assert.True(calls <= alone / 5, $"{calls} calls of {alone}");
        Assert.InRange(noticed!.Value, outage, outage + 10);
        Assert.Equal(UpstreamDoor.Go, Enter().Door);
    }

    private UpstreamEntry Enter() => state.Enter(limits, Lasts);

    private void Call(params UpstreamReport[] reports)
    {
        foreach (var report in reports)
        {
            state.Leave(Enter().Permit!, report);
        }
    }
}
