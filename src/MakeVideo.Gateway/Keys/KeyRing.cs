using System.Collections.Frozen;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MakeVideo.Gateway.Keys;

/// <summary>
/// The keys in memory, read again within a second of a change: no request waits for the disk, and a key that was revoked is good for a second at
/// most. A file that is gone holds no keys; one that cannot be read changes nothing.
/// </summary>
internal sealed partial class KeyRing(KeyFile file, TimeProvider clock, ILogger<KeyRing> logger) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private volatile FrozenDictionary<string, ApiKey> _good = FrozenDictionary<string, ApiKey>.Empty;
    private (DateTime, long)? _read;
    private bool _told;

    /// <summary>The key of this token; null when it is unknown, wrong or revoked.</summary>
    public ApiKey? Find(string token) => ApiKey.IdOf(token) is { } id && _good.TryGetValue(id, out var key) && key.Matches(token) ? key : null;

    // Before the server listens: the first request finds the keys.
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Look();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Look();
        }
    }

    private void Look()
    {
        try
        {
            var version = file.Version;
            if (_read != version)
            {
                _good = file.Read().Where(key => key.RevokedAt is null).ToFrozenDictionary(key => key.Id);
                _read = version;
            }

            _told = false;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException)
        {
            if (!_told)
            {
                _told = true;
                LogUnreadable(failure, file.Path);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "The keys in {Path} cannot be read; those that were read before go on")]
    private partial void LogUnreadable(Exception failure, string path);
}
