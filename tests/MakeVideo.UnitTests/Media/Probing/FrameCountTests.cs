using System.Collections.Immutable;
using CsCheck;
using MakeVideo.Media.Probing;
using Xunit;

namespace MakeVideo.UnitTests.Media.Probing;

public sealed class FrameCountTests
{
    private static readonly Gen<SmallMovie> Movie =
        from sizes in Gen.UInt[0, 40].Array[1, 5].Array[1, 6]
        from wide in Gen.Bool
        from first in Gen.Bool
        from sound in Gen.Int[0, 2]
        select new SmallMovie
        {
            Chunks = [.. sizes.Select(ImmutableArray.Create)],
            Long = wide,
            IndexFirst = first,
            Tracks = sound switch { 0 => ["vide"], 1 => ["vide", "soun"], _ => ["soun", "vide"] },
        };

    [Fact]
    public void Every_layout_of_a_whole_file_is_counted() => Movie.Sample(movie => Assert.Equal(movie.Frames, Count(movie.Bytes())));

    [Fact]
    public void A_file_cut_anywhere_does_not_count() => Movie.Sample(movie =>
    {
        var whole = movie.Bytes();
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Null(Count(whole[..length]));
        }
    }, iter: 50);

    [Fact]
    public void A_changed_byte_is_noticed_or_changes_nothing_but_the_count() => Gen.Select(Movie, Gen.Int[0, 10_000], Gen.Byte).Sample((movie, place, value) =>
    {
        var bytes = movie.Bytes();
        bytes[place % bytes.Length] = value;

        // A count of no more samples than the table has room for: nothing is believed that is not there.
        Assert.InRange(Count(bytes) ?? 0, 0, Math.Max(movie.Frames, bytes.Length));
    });

    [Fact]
    public void Random_bytes_never_throw() => Gen.Select(Gen.Byte.Array[0, 400], Gen.Int[0, 400]).Sample((noise, from) =>
    {
        Assert.Null(Count(noise));
        var movie = new SmallMovie().Bytes();
        noise.AsSpan(0, Math.Min(noise.Length, Math.Max(0, movie.Length - from))).CopyTo(movie.AsSpan(Math.Min(from, movie.Length)));
        _ = Count(movie);
    });

    [Fact]
    public void Frames_that_lie_outside_the_media_do_not_count() => Gen.Select(Movie, Gen.Int[1, 1 << 20]).Sample((movie, far) =>
    {
        Assert.Null(Count((movie with { Shift = far }).Bytes()));
        Assert.Null(Count((movie with { Shift = -1 }).Bytes()));
    });

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(100)]
    public void Bytes_after_the_last_box_are_not_overlooked(int litter) => Assert.Null(Count(new SmallMovie { Litter = litter }.Bytes()));

    [Fact]
    public void No_video_track_or_two_or_an_empty_one_is_none_of_ours()
    {
        Assert.Null(Count(new SmallMovie { Tracks = ["soun"] }.Bytes()));
        Assert.Null(Count(new SmallMovie { Tracks = ["vide", "vide"] }.Bytes()));
        Assert.Null(Count(new SmallMovie { Tracks = [] }.Bytes()));
        Assert.Null(Count(new SmallMovie { Chunks = [] }.Bytes()));
    }

    [Fact]
    public void What_is_no_file_does_not_count()
    {
        var folder = Directory.CreateTempSubdirectory("makevideo-frames-").FullName;
        try
        {
            Assert.Null(FrameCount.Of(Path.Combine(folder, "absent.mp4")));
            Assert.Null(FrameCount.Of(folder));
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

    [Fact]
    public void An_index_of_a_claimed_size_beyond_reason_is_not_read()
    {
        // 1 GB of index that is not there: a file of holes, so that the size is real and no memory may be taken for it.
        var path = Path.GetTempFileName();
        try
        {
            using (var file = File.OpenWrite(path))
            {
                file.Write([0x40, 0, 0, 0, .. "moov"u8]);
                file.SetLength(1 << 30);
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Null(FrameCount.Of(path));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static int? Count(byte[] bytes)
    {
        using var file = new MemoryStream(bytes);
        return FrameCount.Of(file);
    }
}
