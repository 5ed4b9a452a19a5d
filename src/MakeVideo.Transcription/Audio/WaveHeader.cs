using System.Buffers.Binary;

namespace MakeVideo.Transcription;

/// <summary>Where the samples of a RIFF WAVE file lie.</summary>
/// <param name="Offset">Bytes from the start of the file.</param>
/// <param name="Samples">Count of 16-bit samples.</param>
internal readonly record struct WaveHeader(long Offset, long Samples)
{
    /// <summary>Samples a second that speech models want.</summary>
    public const int Rate = 16000;

    /// <summary>Walks the chunks up to <c>data</c>; other chunks (LIST, fact) may come before it, and a size left open by a stream (0 or all ones) means "to the end".</summary>
    /// <exception cref="InvalidDataException">It is not 16 kHz mono 16-bit PCM in a WAVE file.</exception>
    public static WaveHeader Parse(Stream file, string name)
    {
        Span<byte> head = stackalloc byte[12];
        if (!TryFill(file, head) || !head[..4].SequenceEqual("RIFF"u8) || !head[8..12].SequenceEqual("WAVE"u8))
        {
            throw new InvalidDataException($"{name} is not a WAVE file");
        }

        var known = false;
        Span<byte> chunk = stackalloc byte[8];
        while (TryFill(file, chunk))
        {
            long size = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            var rest = file.Length - file.Position;
            if (chunk[..4].SequenceEqual("data"u8))
            {
                return known
                    ? new WaveHeader(file.Position, (size is 0 || size > rest ? rest : size) / sizeof(short))
                    : throw new InvalidDataException($"{name} has samples before their format");
            }

            if (chunk[..4].SequenceEqual("fmt "u8))
            {
                CheckFormat(file, size, name);
                known = true;
                size -= 16;
            }

            // Chunks are padded to an even length.
            file.Position = Math.Min(file.Position + size + (size & 1), file.Length);
        }

        throw new InvalidDataException($"{name} holds no samples");
    }

    private static void CheckFormat(Stream file, long size, string name)
    {
        Span<byte> format = stackalloc byte[16];
        if (size < format.Length || !TryFill(file, format))
        {
            throw new InvalidDataException($"{name} has a broken format chunk");
        }

        // 0xFFFE: WAVE_FORMAT_EXTENSIBLE, which says the same in more words.
        var tag = BinaryPrimitives.ReadUInt16LittleEndian(format);
        var channels = BinaryPrimitives.ReadUInt16LittleEndian(format[2..]);
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(format[4..]);
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(format[14..]);
        if (tag is not (1 or 0xFFFE) || channels != 1 || rate != Rate || bits != 16)
        {
            throw new InvalidDataException($"{name} is {rate} Hz, {channels} channels, {bits} bits, format {tag}; speech is read as 16000 Hz mono 16-bit PCM");
        }
    }

    private static bool TryFill(Stream file, Span<byte> target) => file.ReadAtLeast(target, target.Length, throwOnEndOfStream: false) == target.Length;
}
