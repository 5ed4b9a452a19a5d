using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MakeVideo.Transcription;

/// <summary>16 kHz mono 16-bit WAV on disk, read by stretches: an hour never lies in memory. Reads may run at once.</summary>
internal sealed class SpeechAudio : IDisposable
{
    /// <summary>Samples a second.</summary>
    public const int Rate = WaveHeader.Rate;

    private readonly SafeFileHandle _file;
    private readonly WaveHeader _header;

    private SpeechAudio(SafeFileHandle file, WaveHeader header) => (_file, _header) = (file, header);

    /// <summary>Count of samples.</summary>
    public long Samples => _header.Samples;

    /// <summary>Seconds.</summary>
    public double Duration => Samples / (double)Rate;

    /// <summary>Opens the file and reads its header.</summary>
    /// <exception cref="InvalidDataException">It is not 16 kHz mono 16-bit PCM.</exception>
    /// <exception cref="IOException">It is not there or cannot be read.</exception>
    public static SpeechAudio Open(string wave)
    {
        WaveHeader header;
        using (var stream = File.OpenRead(wave))
        {
            header = WaveHeader.Parse(stream, Path.GetFileName(wave));
        }

        return new SpeechAudio(File.OpenHandle(wave), header);
    }

    /// <summary>Samples -1..1; silence before the start and after the end.</summary>
    /// <param name="start">Sample; may lie outside the audio.</param>
    /// <param name="count">Samples.</param>
    public float[] Read(long start, int count)
    {
        var samples = new float[count];
        Read(start, samples);
        return samples;
    }

    /// <summary>As <see cref="Read(long, int)"/>, into the caller's memory.</summary>
    public void Read(long start, Span<float> samples)
    {
        samples.Clear();
        var from = Math.Clamp(start, 0, Samples);
        var to = Math.Clamp(start + samples.Length, from, Samples);
        var bytes = ArrayPool<byte>.Shared.Rent(checked((int)(to - from) * sizeof(short)));
        try
        {
            var wanted = bytes.AsSpan(0, (int)(to - from) * sizeof(short));
            for (var filled = 0; filled < wanted.Length;)
            {
                var read = RandomAccess.Read(_file, wanted[filled..], _header.Offset + (from * sizeof(short)) + filled);
                if (read == 0)
                {
                    throw new EndOfStreamException("the decoded audio became shorter while it was read");
                }

                filled += read;
            }

            var target = samples.Slice((int)(from - start), (int)(to - from));
            var words = MemoryMarshal.Cast<byte, short>(wanted);
            for (var i = 0; i < target.Length; i++)
            {
                var value = BitConverter.IsLittleEndian ? words[i] : BinaryPrimitives.ReverseEndianness(words[i]);
                target[i] = value / 32768f;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>A stretch as a WAV file of its own, read as it is sent; close it before the audio.</summary>
    /// <param name="from">Sample.</param>
    /// <param name="count">Samples; cut at the end.</param>
    public Stream OpenWave(long from, long count) =>
        new WaveStretch(_file, _header.Offset + (from * sizeof(short)), Math.Clamp(count, 0, Samples - from) * sizeof(short));

    public void Dispose() => _file.Dispose();
}
