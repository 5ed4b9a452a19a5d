using System.Buffers.Binary;
using System.IO.Compression;
using MakeVideo.Media.Workspace;

namespace MakeVideo.Media.BurnedText;

/// <summary>Writes a frame as PNG (ISO/IEC 15948): 8 bits a channel, no filter.</summary>
internal static class PngPicture
{
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];
    private static readonly uint[] Crc = [.. Enumerable.Range(0, 256).Select(value => Enumerable.Range(0, 8).Aggregate((uint)value, (crc, _) => (crc & 1) == 1 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1))];

    /// <summary>Draws a red frame just outside a box.</summary>
    public static void Frame(Picture picture, TextBox box)
    {
        var (left, top) = (Math.Max(0, box.X - 2), Math.Max(0, box.Y - 2));
        var (right, bottom) = (Math.Min(picture.Width - 1, box.Right + 1), Math.Min(picture.Height - 1, box.Bottom + 1));
        for (var x = left; x <= right; x++)
        {
            Red(picture, x, top);
            Red(picture, x, bottom);
        }

        for (var y = top; y <= bottom; y++)
        {
            Red(picture, left, y);
            Red(picture, right, y);
        }
    }

    /// <summary>Writes the file whole or not at all.</summary>
    public static Task WriteAsync(Picture picture, string path, CancellationToken cancellation) => AtomicFile.WriteBytesAsync(path, Encode(picture), cancellation);

    private static byte[] Encode(Picture picture)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var y = 0; y < picture.Height; y++)
            {
                zlib.WriteByte(0); // no filter
                zlib.Write(picture.Pixels, y * picture.Width * 3, picture.Width * 3);
            }
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, picture.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), picture.Height);
        (header[8], header[9]) = (8, 2); // bits, red-green-blue
        using var png = new MemoryStream();
        png.Write(Signature);
        Chunk(png, "IHDR"u8, header);
        Chunk(png, "IDAT"u8, packed.ToArray());
        Chunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static void Chunk(MemoryStream png, ReadOnlySpan<byte> name, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        png.Write(number);
        png.Write(name);
        png.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Checksum(Checksum(~0u, name), content));
        png.Write(number);
    }

    private static uint Checksum(uint crc, ReadOnlySpan<byte> content)
    {
        foreach (var value in content)
        {
            crc = Crc[(crc ^ value) & 0xFF] ^ (crc >> 8);
        }

        return crc;
    }

    private static void Red(Picture picture, int x, int y)
    {
        var at = ((y * picture.Width) + x) * 3;
        (picture.Pixels[at], picture.Pixels[at + 1], picture.Pixels[at + 2]) = (255, 0, 0);
    }
}
