using System.IO.Compression;

namespace MakeVideo.Sources.Http;

/// <summary>A body broke off, stalled or crept: what passes.</summary>
internal sealed class BrokenBodyException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A body is larger than it may be, decoded or declared.</summary>
internal sealed class BodyTooLargeException(string message) : Exception(message);

/// <summary>A body that is counted as it comes: silence, a crawl, too much of it and an early end all end it.</summary>
internal sealed class BoundedBody : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly UpstreamTimeouts _timeouts;
    private readonly long _maxBytes;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _idle;
    private long _windowFrom;
    private long _windowBytes;

    private BoundedBody(Stream stream, UpstreamTimeouts timeouts, long maxBytes, TimeProvider clock)
    {
        (_stream, _timeouts, _maxBytes, _clock) = (stream, timeouts, maxBytes, clock);
        _idle = new(Timeout.InfiniteTimeSpan, clock);
        _windowFrom = clock.GetTimestamp();
    }

    /// <summary>Bytes read so far, decoded.</summary>
    public long Bytes { get; private set; }

    /// <summary>Opens the body of an answer. gzip, deflate and br are decoded, whether they were asked for or not.</summary>
    /// <exception cref="BodyTooLargeException">It says itself that it is larger than <paramref name="maxBytes"/>.</exception>
    /// <exception cref="BrokenBodyException">It is encoded in a way that nobody asked for.</exception>
    public static async Task<BoundedBody> OpenAsync(HttpContent content, UpstreamTimeouts timeouts, long maxBytes, TimeProvider clock, CancellationToken cancellation)
    {
        if (content.Headers.ContentLength > maxBytes)
        {
            throw new BodyTooLargeException($"{content.Headers.ContentLength} bytes are over the limit of {maxBytes}");
        }

        var raw = await content.ReadAsStreamAsync(cancellation);
        var decoded = content.Headers.ContentEncoding.LastOrDefault()?.ToLowerInvariant() switch
        {
            null or "" or "identity" => raw,
            _ when content.Headers.ContentEncoding.Count > 1 => throw new BrokenBodyException("it is encoded more than once"),
            "gzip" or "x-gzip" => new GZipStream(raw, CompressionMode.Decompress),
            "deflate" => new ZLibStream(raw, CompressionMode.Decompress),
            "br" => new BrotliStream(raw, CompressionMode.Decompress),
            _ => throw new BrokenBodyException("it is encoded in a way that nobody asked for"),
        };
        return new(decoded, timeouts, maxBytes, clock);
    }

    /// <summary>The next bytes; 0 at the end.</summary>
    /// <exception cref="BrokenBodyException">It broke off, fell silent or came too slowly.</exception>
    /// <exception cref="BodyTooLargeException">More came than may.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        int read;
        try
        {
            _idle.CancelAfter(_timeouts.Idle);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _idle.Token);
            read = await _stream.ReadAsync(buffer, either.Token);

            // What its reader does with the bytes takes the time that it takes.
            _idle.CancelAfter(Timeout.InfiniteTimeSpan);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new BrokenBodyException($"nothing came for {_timeouts.Idle.TotalSeconds:0.#} s after {Bytes} bytes");
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException or InvalidDataException or InvalidOperationException)
        {
            throw new BrokenBodyException($"it broke off after {Bytes} bytes", broken);
        }

        Bytes += read;
        if (Bytes > _maxBytes)
        {
            throw new BodyTooLargeException($"more than the limit of {_maxBytes} bytes came");
        }

        if (read > 0)
        {
            CheckRate(read);
        }

        return read;
    }

    public ValueTask DisposeAsync()
    {
        _idle.Dispose();
        return _stream.DisposeAsync();
    }

    private void CheckRate(int read)
    {
        _windowBytes += read;
        var elapsed = _clock.GetElapsedTime(_windowFrom);
        if (elapsed < _timeouts.RateWindow)
        {
            return;
        }

        var rate = _windowBytes / elapsed.TotalSeconds;
        if (rate < _timeouts.LeastRate)
        {
            throw new BrokenBodyException($"it came at {rate:0} bytes/s, under the least of {_timeouts.LeastRate:0}");
        }

        (_windowFrom, _windowBytes) = (_clock.GetTimestamp(), 0);
    }
}
