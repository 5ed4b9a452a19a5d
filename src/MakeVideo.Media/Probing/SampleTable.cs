using System.Buffers.Binary;

namespace MakeVideo.Media.Probing;

/// <summary>
/// Where an MP4 track's samples lie: their sizes (stsz), how many there are to a chunk (stsc), and where each chunk starts (stco, co64).
/// Reads no more than the table's own bytes, whatever counts it claims.
/// </summary>
internal readonly ref struct SampleTable
{
    private const int Size = sizeof(uint);

    /// <summary>First chunk, samples a chunk, description.</summary>
    private const int RunLength = 3 * Size;

    private readonly uint _sameSize;
    private readonly ReadOnlySpan<byte> _sizes;
    private readonly ReadOnlySpan<byte> _runs;
    private readonly ReadOnlySpan<byte> _offsets;
    private readonly int _offsetLength;

    /// <param name="table">Body of an stbl box; empty or broken ones give a table that lies nowhere.</param>
    public SampleTable(ReadOnlySpan<byte> table)
    {
        Count = -1;
        var sizes = Boxes.First(table, BoxName.SampleSizes);
        if (sizes.Length < 3 * Size)
        {
            return;
        }

        _sameSize = BinaryPrimitives.ReadUInt32BigEndian(sizes[Size..]);
        var count = BinaryPrimitives.ReadUInt32BigEndian(sizes[(2 * Size)..]);
        _sizes = sizes[(3 * Size)..];
        _runs = Entries(Boxes.First(table, BoxName.SamplesPerChunk), RunLength);
        _offsetLength = Size;
        _offsets = Entries(Boxes.First(table, BoxName.ChunkOffsets), _offsetLength);
        if (_offsets.IsEmpty)
        {
            _offsetLength = 2 * Size;
            _offsets = Entries(Boxes.First(table, BoxName.LongChunkOffsets), _offsetLength);
        }

        if (count is > 0 and <= int.MaxValue && (_sameSize != 0 || _sizes.Length == (long)count * Size))
        {
            Count = (int)count;
        }
    }

    /// <summary>Samples of the track; -1 when the table is broken or empty.</summary>
    public int Count { get; }

    /// <summary>Whether the chunks hold exactly the samples counted, each chunk inside one of the file's stretches of media.</summary>
    /// <param name="media">First byte and the one after the last.</param>
    public bool LiesWithin(List<(long Start, long End)> media)
    {
        if (Count < 0)
        {
            return false;
        }

        long sample = 0;
        var run = 0;
        var chunks = _offsets.IsEmpty ? 0 : _offsets.Length / _offsetLength;
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            // A run holds from its first chunk, counted from 1, to the next run's.
            while (run + 1 < _runs.Length / RunLength && FirstChunk(run + 1) <= chunk + 1)
            {
                run++;
            }

            if (_runs.IsEmpty || FirstChunk(run) > chunk + 1)
            {
                return false;
            }

            var samples = BinaryPrimitives.ReadUInt32BigEndian(_runs[((run * RunLength) + Size)..]);
            if (samples > Count - sample || !Contains(media, Offset(chunk), Bytes(sample, samples)))
            {
                return false;
            }

            sample += samples;
        }

        return sample == Count;
    }

    private static bool Contains(List<(long Start, long End)> media, ulong offset, long bytes)
    {
        foreach (var (start, end) in media)
        {
            if (offset >= (ulong)start && offset <= (ulong)end && bytes <= end - (long)offset)
            {
                return true;
            }
        }

        return false;
    }

    private uint FirstChunk(int run) => BinaryPrimitives.ReadUInt32BigEndian(_runs[(run * RunLength)..]);

    private ulong Offset(int chunk) => _offsetLength == Size
        ? BinaryPrimitives.ReadUInt32BigEndian(_offsets[(chunk * _offsetLength)..])
        : BinaryPrimitives.ReadUInt64BigEndian(_offsets[(chunk * _offsetLength)..]);

    private long Bytes(long first, uint samples)
    {
        if (_sameSize != 0)
        {
            return (long)_sameSize * samples;
        }

        long bytes = 0;
        for (var sample = first; sample < first + samples; sample++)
        {
            bytes += BinaryPrimitives.ReadUInt32BigEndian(_sizes[(int)(sample * Size)..]);
        }

        return bytes;
    }

    // Version and flags, the number of entries, the entries; none when they do not fit.
    private static ReadOnlySpan<byte> Entries(ReadOnlySpan<byte> box, int length)
    {
        if (box.Length < 2 * Size)
        {
            return [];
        }

        var count = BinaryPrimitives.ReadUInt32BigEndian(box[Size..]);
        return box.Length - (2 * Size) == (long)count * length ? box[(2 * Size)..] : [];
    }
}
