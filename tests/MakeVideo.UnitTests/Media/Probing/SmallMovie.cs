using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace MakeVideo.UnitTests.Media.Probing;

/// <summary>An MP4 laid out by hand, for what ffmpeg does not write.</summary>
internal sealed record SmallMovie
{
    /// <summary>Sizes of the samples in bytes, chunk by chunk.</summary>
    public ImmutableArray<ImmutableArray<uint>> Chunks { get; init; } = [[5, 7], [11], [3, 3]];

    /// <summary>Chunk offsets of 64 bits, and a media box with a size of 64 bits.</summary>
    public bool Long { get; init; }

    /// <summary>The index before the media, as after <c>+faststart</c>.</summary>
    public bool IndexFirst { get; init; }

    /// <summary>Kinds of tracks; all point to the same samples.</summary>
    public ImmutableArray<string> Tracks { get; init; } = ["vide"];

    /// <summary>Bytes that every chunk is said to start after its place.</summary>
    public long Shift { get; init; }

    /// <summary>Bytes after the last box.</summary>
    public int Litter { get; init; }

    public int Frames => Chunks.Sum(chunk => chunk.Length);

    public byte[] Bytes()
    {
        byte[] type = Box("ftyp", "isom"u8.ToArray());
        var samples = new byte[Chunks.Sum(chunk => chunk.Sum(size => (int)size))];
        var media = Long ? [.. Number(1), .. "mdat"u8, .. Wide((ulong)samples.Length + 16), .. samples] : Box("mdat", samples);
        // The index is as long wherever the media lie, so a first one tells where they will.
        var before = type.Length + (IndexFirst ? Index(0).Length : 0) + (Long ? 16 : 8);
        return IndexFirst
            ? [.. type, .. Index(before), .. media, .. new byte[Litter]]
            : [.. type, .. media, .. Index(before), .. new byte[Litter]];
    }

    private byte[] Index(long media) => Box("moov", [.. Box("mvhd", new byte[100]), .. Tracks.SelectMany(kind => Track(kind, media))]);

    private byte[] Track(string kind, long media)
    {
        var starts = new List<long>();
        var at = media + Shift;
        foreach (var chunk in Chunks)
        {
            starts.Add(at);
            at += chunk.Sum(size => size);
        }

        byte[] table =
        [
            .. Box("stsz", [.. Number(0), .. Number(0), .. Number((uint)Frames), .. Chunks.SelectMany(chunk => chunk).SelectMany(Number)]),
            .. Box("stsc", [.. Number(0), .. Number((uint)Chunks.Length), .. Chunks.SelectMany((chunk, index) => (byte[])[.. Number((uint)index + 1), .. Number((uint)chunk.Length), .. Number(1)])]),
            .. Long
                ? Box("co64", [.. Number(0), .. Number((uint)Chunks.Length), .. starts.SelectMany(start => Wide((ulong)start))])
                : Box("stco", [.. Number(0), .. Number((uint)Chunks.Length), .. starts.SelectMany(start => Number((uint)start))]),
        ];
        return Box("trak", Box("mdia", [
            .. Box("hdlr", [.. Number(0), .. Number(0), .. Encoding.ASCII.GetBytes(kind), .. new byte[13]]),
            .. Box("minf", Box("stbl", table)),
        ]));
    }

    private static byte[] Box(string name, byte[] body) => [.. Number((uint)body.Length + 8), .. Encoding.ASCII.GetBytes(name), .. body];

    private static byte[] Number(uint number)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }

    private static byte[] Wide(ulong number)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        return bytes;
    }
}
