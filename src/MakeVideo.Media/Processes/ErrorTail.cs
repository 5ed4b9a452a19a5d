namespace MakeVideo.Media.Processes;

/// <summary>The last 16 K characters of a stream that may be endless; always drained, so that the child never blocks on it.</summary>
internal sealed class ErrorTail
{
    private const int Capacity = 16 * 1024;

    private readonly char[] _ring = new char[Capacity];
    private long _written;

    public async Task DrainAsync(TextReader reader)
    {
        var buffer = new char[Capacity];
        int read;
        while ((read = await reader.ReadAsync(buffer)) > 0)
        {
            Add(buffer.AsSpan(0, read));
        }
    }

    public void Add(ReadOnlySpan<char> text)
    {
        // In pieces, not characters: a child that complains without end costs a core of its own otherwise.
        while (!text.IsEmpty)
        {
            var at = (int)(_written % Capacity);
            var piece = text[..Math.Min(text.Length, Capacity - at)];
            piece.CopyTo(_ring.AsSpan(at));
            _written += piece.Length;
            text = text[piece.Length..];
        }
    }

    public override string ToString()
    {
        var start = (int)(_written % Capacity);
        return _written <= Capacity
            ? new string(_ring, 0, (int)_written)
            : string.Concat(_ring.AsSpan(start), _ring.AsSpan(0, start));
    }
}
