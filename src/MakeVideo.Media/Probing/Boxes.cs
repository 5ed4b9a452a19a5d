using System.Buffers.Binary;

namespace MakeVideo.Media.Probing;

/// <summary>Names of the boxes of an MP4 that lead to its frames: four ASCII letters, big-endian.</summary>
internal static class BoxName
{
    public const uint Media = 0x6D646174; // mdat
    public const uint Movie = 0x6D6F6F76; // moov
    public const uint Track = 0x7472616B; // trak
    public const uint TrackMedia = 0x6D646961; // mdia
    public const uint Handler = 0x68646C72; // hdlr
    public const uint Video = 0x76696465; // vide
    public const uint MediaInformation = 0x6D696E66; // minf
    public const uint SampleTable = 0x7374626C; // stbl
    public const uint SampleSizes = 0x7374737A; // stsz
    public const uint SamplesPerChunk = 0x73747363; // stsc
    public const uint ChunkOffsets = 0x7374636F; // stco
    public const uint LongChunkOffsets = 0x636F3634; // co64
}

/// <summary>The start of a box.</summary>
/// <param name="Name">One of <see cref="BoxName"/>, or another.</param>
/// <param name="HeaderLength">Bytes before its body.</param>
/// <param name="Length">Bytes in all.</param>
internal readonly record struct BoxHeader(uint Name, int HeaderLength, long Length)
{
    private const int Short = 8;
    private const int Long = 16;

    /// <summary>False when the bytes are no box, or one that does not fit into <paramref name="room"/>.</summary>
    /// <param name="bytes">From the box's first; 16 of them suffice.</param>
    /// <param name="room">Bytes to the end of what holds the box.</param>
    /// <param name="header">What was read.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, long room, out BoxHeader header)
    {
        header = default;
        if (bytes.Length < Short)
        {
            return false;
        }

        // Size 1: the real one follows. Size 0, "to the end of the file": what an unfinished file says, so it is refused like any that is too small.
        var size = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var isLong = size == 1;
        if (isLong && bytes.Length < Long)
        {
            return false;
        }

        var length = isLong ? BinaryPrimitives.ReadUInt64BigEndian(bytes[Short..]) : size;
        header = new(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), isLong ? Long : Short, (long)Math.Min(length, long.MaxValue));
        return header.Length >= header.HeaderLength && header.Length <= room;
    }
}

/// <summary>The bodies of a box's children of one name; ends early where the bytes are no boxes.</summary>
internal ref struct Boxes(ReadOnlySpan<byte> parent, uint name)
{
    private ReadOnlySpan<byte> _rest = parent;

    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>The first such child's body; empty when there is none.</summary>
    public static ReadOnlySpan<byte> First(ReadOnlySpan<byte> parent, uint name)
    {
        var boxes = new Boxes(parent, name);
        return boxes.MoveNext() ? boxes.Current : [];
    }

    public readonly Boxes GetEnumerator() => this;

    public bool MoveNext()
    {
        while (BoxHeader.TryRead(_rest, _rest.Length, out var header))
        {
            var box = _rest[..(int)header.Length];
            _rest = _rest[box.Length..];
            if (header.Name == name)
            {
                Current = box[header.HeaderLength..];
                return true;
            }
        }

        return false;
    }
}
