using System.Collections.Immutable;
using MakeVideo.Contracts;

namespace MakeVideo.Grains.Jobs;

/// <summary>A clip that may be shown.</summary>
/// <param name="Candidate">Index into the plan's candidates.</param>
/// <param name="Frames">Whole output frames that the clip has.</param>
internal sealed record Footage(int Candidate, int Frames);

/// <summary>A run of slices that is rendered as one file.</summary>
/// <param name="First">First output frame.</param>
/// <param name="Frames">Output frames.</param>
/// <param name="Slices">In order.</param>
internal sealed record Stretch(int First, int Frames, ImmutableArray<PlannedSlice> Slices);

/// <summary>Which part of which clip is seen when: a seeded choice in whole output frames. Pure.</summary>
internal static class Timeline
{
    /// <summary>A cut every few seconds holds attention; longer clips give several slices.</summary>
    public const int LongestSlice = 5 * OutputFormat.DefaultFramesPerSecond;

    /// <summary>Shorter shots read as flicker.</summary>
    private const int ShortestSlice = OutputFormat.DefaultFramesPerSecond;

    /// <summary>A segment closes at the first clip boundary past this: they come out at about 4 s.</summary>
    private const int SegmentCloses = 3 * OutputFormat.DefaultFramesPerSecond;

    /// <summary>Whole frames of footage in a clip of that many seconds: the last frame's own duration is not counted on.</summary>
    public static int FramesIn(double seconds) => Math.Max(0, (int)Math.Floor(seconds * OutputFormat.DefaultFramesPerSecond) - 1);

    /// <summary>Fills <paramref name="frames"/> frames. Every clip is seen before one is seen twice; unseen footage goes before seen.</summary>
    /// <param name="footage">At least one, each with at least one frame.</param>
    /// <param name="frames">Output frames to fill.</param>
    /// <param name="seed">Same seed, same choice.</param>
    /// <param name="loopedFrames">How many of them show footage a second time.</param>
    public static ImmutableArray<PlannedSlice> Choose(ImmutableArray<Footage> footage, int frames, ulong seed, out int loopedFrames)
    {
        var clips = Shuffle(footage, seed).Select((clip, rank) => new Shots(clip, rank)).ToList();
        var slices = ImmutableArray.CreateBuilder<PlannedSlice>();
        loopedFrames = 0;
        Shots? last = null;
        for (var left = frames; left > 0;)
        {
            // No clip next to itself, unless it is the only one.
            var next = clips.Where(clip => clips.Count == 1 || clip != last).MinBy(clip => (clip.AllSeen, clip.Shown, clip.Rank))!;
            var (start, length) = next.Next();
            length = Math.Min(length, Fitting(left, length));
            loopedFrames += next.Looped ? length : 0;
            slices.Add(new(next.Candidate, start, length));
            left -= length;
            last = next;
        }

        return slices.ToImmutable();
    }

    /// <summary>Cuts a timeline at clip boundaries into segments of about 4 s.</summary>
    public static ImmutableArray<Stretch> Segments(ImmutableArray<PlannedSlice> slices)
    {
        var segments = ImmutableArray.CreateBuilder<Stretch>();
        var open = ImmutableArray.CreateBuilder<PlannedSlice>();
        var first = 0;
        var length = 0;
        for (var i = 0; i < slices.Length; i++)
        {
            open.Add(slices[i]);
            length += slices[i].Frames;
            if (length >= SegmentCloses || i == slices.Length - 1)
            {
                segments.Add(new(first, length, open.DrainToImmutable()));
                first += length;
                length = 0;
            }
        }

        return segments.ToImmutable();
    }

    // Leaves enough for one more readable shot, or takes the rest.
    private static int Fitting(int left, int length) =>
        left <= length ? left : left - length >= ShortestSlice ? length : Math.Max(Math.Min(length, left - ShortestSlice), Math.Min(length, left / 2));

    private static List<Footage> Shuffle(ImmutableArray<Footage> footage, ulong seed)
    {
        // SplitMix64 (Steele, Lea, Flood 2014): System.Random promises no sequence across versions.
        var state = seed;
        ulong Draw()
        {
            var z = state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }

        var order = footage.ToList();
        for (var i = order.Count - 1; i > 0; i--)
        {
            var j = (int)(Draw() % (ulong)(i + 1));
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    /// <summary>One clip cut into equal shots, and which of them have been seen.</summary>
    private sealed class Shots(Footage clip, int rank)
    {
        private readonly int _count = (clip.Frames + LongestSlice - 1) / LongestSlice;

        public int Candidate => clip.Candidate;

        public int Rank => rank;

        public int Shown { get; private set; }

        public bool AllSeen => Shown >= _count;

        /// <summary>Whether the last shot was a repeat.</summary>
        public bool Looped => Shown > _count;

        public (int Start, int Length) Next()
        {
            var shot = Shown++ % _count;
            var start = (int)((long)clip.Frames * shot / _count);
            return (start, (int)((long)clip.Frames * (shot + 1) / _count) - start);
        }
    }
}
