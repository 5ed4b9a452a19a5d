namespace MakeVideo.Media.Processes;

/// <summary>The last 16 K characters of a stream that may be endless; always drained, so that the child never blocks on it.</summary>
internal sealed class ErrorTail
{
    private const int Capacity = 16 * 1024;

    private readonly char[] _ring = new char[Capacity];
    private long _written;

    public async Task DrainAsync(TextReader reader)
    {
        var buffer = new char[4096];
        int read;
        while ((read = await reader.ReadAsync(buffer)) > 0)
        {
            Add(buffer.AsSpan(0, read));
        }
    }

    public void Add(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            _ring[_written++ % Capacity] = character;
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
