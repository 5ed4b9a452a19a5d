using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace MakeVideo.Sources.Http;

/// <summary>A file that grows by the attempts of one download, hashed as it grows.</summary>
internal sealed class PartialFile(string path) : IAsyncDisposable
{
    private readonly FileStream _file = new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.Asynchronous);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Bytes so far.</summary>
    public long Length { get; private set; }

    /// <summary>Names the version that these bytes are of (a strong ETag, or a date), for If-Range; null: they cannot be added to.</summary>
    public string? Version { get; private set; }

    /// <summary>Takes what a server calls the version of what it sends.</summary>
    public void Remember(HttpResponseMessage response) => Version = response.Headers.ETag is { IsWeak: false } tag ? tag.Tag
        : response.Content.Headers.LastModified?.ToString("r", System.Globalization.CultureInfo.InvariantCulture);

    public async ValueTask AddAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        await _file.WriteAsync(bytes, cancellation);
        _hash.AppendData(bytes.Span);
        Length += bytes.Length;
    }

    /// <summary>Drops what is there.</summary>
    public void Restart()
    {
        _file.SetLength(0);
        _file.Position = 0;
        _hash.GetHashAndReset();
        (Length, Version) = (0, null);
    }

    /// <summary>Writes through to the disk. sha256, lower-case hex.</summary>
    public string Finish()
    {
        _file.Flush(flushToDisk: true);
        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    public async ValueTask DisposeAsync()
    {
        _hash.Dispose();
        await _file.DisposeAsync();
    }
}
