using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace MakeVideo.Transcription;

/// <summary>A stretch of 16 kHz mono 16-bit samples as a WAVE file, headed as it is read: nothing is copied.</summary>
/// <param name="file">Holds the samples; stays open.</param>
/// <param name="offset">Bytes to the first sample.</param>
/// <param name="length">Bytes of samples.</param>
internal sealed class WaveStretch(SafeFileHandle file, long offset, long length) : Stream
{
    private const int HeadBytes = 44;

    private readonly byte[] _head = Head(length);
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => HeadBytes + length;

    public override long Position
    {
        get => _position;
        set => _position = value;
    }

    public override int Read(Span<byte> buffer)
    {
        if (_position < HeadBytes)
        {
            var head = _head.AsSpan((int)_position);
            var some = Math.Min(head.Length, buffer.Length);
            head[..some].CopyTo(buffer);
            _position += some;
            return some;
        }

        var left = Length - _position;
        var read = left <= 0 ? 0 : RandomAccess.Read(file, buffer[..(int)Math.Min(left, buffer.Length)], offset + _position - HeadBytes);
        _position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override long Seek(long offset, SeekOrigin origin) => _position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => Length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private static byte[] Head(long length)
    {
        var head = new byte[HeadBytes];
        "RIFF"u8.CopyTo(head);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(4), (uint)(HeadBytes - 8 + length));
        "WAVEfmt "u8.CopyTo(head.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(head.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(head.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(24), WaveHeader.Rate);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(28), WaveHeader.Rate * sizeof(short));
        BinaryPrimitives.WriteInt16LittleEndian(head.AsSpan(32), sizeof(short));
        BinaryPrimitives.WriteInt16LittleEndian(head.AsSpan(34), 16);
        "data"u8.CopyTo(head.AsSpan(36));
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(40), (uint)length);
        return head;
    }
}
