using System.Buffers.Binary;
using System.Text;

namespace MakeVideo.Benchmarks.Cluster;

/// <summary>The smallest MP4 that has so many samples of video of one byte each: a rendered segment, as far as its index tells.</summary>
internal static class TinyMp4
{
    public static byte[] Of(int frames)
    {
        var type = Box("ftyp", "isom"u8.ToArray(), new byte[4]);
        var handler = Box("hdlr", new byte[8], "vide"u8.ToArray(), new byte[13]);
        var samples = Box("stbl", Box("stsz", new byte[4], Number(1), Number(frames)), Box("stsc", new byte[4], Number(1), Number(1), Number(frames), Number(1)), Box("stco", new byte[4], Number(1), Number(type.Length + 8)));
        return [.. type, .. Box("mdat", new byte[frames]), .. Box("moov", Box("trak", Box("mdia", handler, Box("minf", samples))))];
    }

    private static byte[] Box(string name, params byte[][] parts)
    {
        byte[] body = [.. parts.SelectMany(part => part)];
        return [.. Number(body.Length + 8), .. Encoding.ASCII.GetBytes(name), .. body];
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
