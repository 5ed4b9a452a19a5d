using System.Collections.Immutable;
using CsCheck;
using MakeVideo.Grains.Jobs;

namespace MakeVideo.UnitTests.Grains;

public sealed class TimelineTests
{
    private static readonly Gen<(ImmutableArray<Footage> Footage, int Frames, ulong Seed)> Jobs =
        from clips in Gen.Int[14, 1500].Array[1, 20]
        from frames in Gen.Int[180, 9000]
        from seed in Gen.ULong
        select (clips.Select((length, index) => new Footage(index, length)).ToImmutableArray(), frames, seed);

    [Fact]
    public void A_timeline_fills_its_frames_exactly_from_within_its_clips() => Jobs.Sample(job =>
    {
        var slices = Timeline.Choose(job.Footage, job.Frames, job.Seed, out var looped);

        Assert.Equal(job.Frames, slices.Sum(slice => slice.Frames));
        Assert.All(slices, slice => Assert.True(slice.Frames > 0 && slice.Start >= 0 && slice.Start + slice.Frames <= job.Footage[slice.Candidate].Frames));
        Assert.InRange(looped, 0, job.Frames);
    });

    [Fact]
    public void No_clip_stands_next_to_itself_when_there_are_two() => Jobs.Where(job => job.Footage.Length > 1).Sample(job =>
    {
        var slices = Timeline.Choose(job.Footage, job.Frames, job.Seed, out _);

        Assert.All(slices.Zip(slices.Skip(1)), pair => Assert.NotEqual(pair.First.Candidate, pair.Second.Candidate));
    });

    [Fact]
    public void Every_clip_is_seen_before_one_is_seen_twice() => Jobs.Sample(job =>
    {
        var slices = Timeline.Choose(job.Footage, job.Frames, job.Seed, out var looped);

        var first = slices.TakeWhile((slice, index) => slices.Take(index).All(earlier => earlier.Candidate != slice.Candidate)).Count();
        Assert.True(first == job.Footage.Length || first == slices.Length);
        Assert.True(looped == 0 || first == job.Footage.Length);
    });

    [Fact]
    public void The_same_seed_gives_the_same_choice_and_seeds_give_all_choices()
    {
        ImmutableArray<Footage> footage = [new(0, 119), new(1, 119), new(2, 119)];
        string Choice(ulong seed) => string.Join(',', Timeline.Choose(footage, 240, seed, out _).Select(slice => slice.Candidate));

        Assert.Equal(Choice(42), Choice(42));
        Assert.Equal(6, Enumerable.Range(0, 200).Select(seed => Choice((ulong)seed)).Distinct().Count());
    }

    [Fact]
    public void Segments_cover_the_timeline_in_order_at_about_four_seconds() => Jobs.Sample(job =>
    {
        var slices = Timeline.Choose(job.Footage, job.Frames, job.Seed, out _);
        var segments = Timeline.Segments(slices);

        Assert.Equal(slices, segments.SelectMany(segment => segment.Slices));
        var next = 0;
        foreach (var segment in segments)
        {
            Assert.Equal(next, segment.First);
            Assert.Equal(segment.Frames, segment.Slices.Sum(slice => slice.Frames));
            Assert.InRange(segment.Frames, 1, 8 * 30);
            next += segment.Frames;
        }

        Assert.Equal(job.Frames, next);
        Assert.All(segments.SkipLast(1), segment => Assert.True(segment.Frames >= 3 * 30));
    });
}
