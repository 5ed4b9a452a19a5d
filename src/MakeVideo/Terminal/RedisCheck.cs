using MakeVideo.Contracts;
using StackExchange.Redis;

namespace MakeVideo.Terminal;

/// <summary>Whether a Redis can be trusted with jobs: <c>doctor</c>'s line, and what stops a start.</summary>
internal static class RedisCheck
{
    private const string Name = "store";

    /// <summary>Longest that a start waits for a Redis that is still coming up beside it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    public static async Task<Check> CheckAsync(string connection)
    {
        try
        {
            var options = ConfigurationOptions.Parse(connection);
            options.AllowAdmin = true;
            await using var redis = await ConnectionMultiplexer.ConnectAsync(options);
            var server = redis.GetServers()[0];
            return await PolicyAsync(server) is { } policy and not "noeviction"
                ? new(Name, FailureCodes.StoreUnavailable, false, $"Redis may throw jobs away (maxmemory-policy {policy})", "Set it: redis-cli config set maxmemory-policy noeviction")
                : new(Name, FailureCodes.StoreUnavailable, true, $"Redis {server.Version}, noeviction{(await IsDurableAsync(server) ? ", AOF" : "; appendonly is off: a crash of Redis loses jobs")}", null);
        }
        catch (RedisConnectionException failure) when (failure.FailureType is ConnectionFailureType.AuthenticationFailure || failure.Message.Contains("NOAUTH", StringComparison.Ordinal) || failure.Message.Contains("DENIED", StringComparison.Ordinal))
        {
            return new(Name, FailureCodes.StoreUnavailable, false, "Redis refuses us", "Mend the user and password in --redis (host:port,user=...,password=...), or Redis's protected mode");
        }
        catch (RedisException failure)
        {
            return new(Name, FailureCodes.StoreUnavailable, false, $"Redis does not answer ({failure.GetType().Name})", "Start it, or mend the address and password in --redis");
        }
        catch (ArgumentException failure)
        {
            return new(Name, FailureCodes.StoreUnavailable, false, $"--redis cannot be read ({failure.Message})", "Write host:port,password=...");
        }
    }

    /// <summary>The failure that stops a start; null when the store is fit. One that does not answer is waited for.</summary>
    public static async Task<JobFailure?> ProblemAsync(string connection, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        for (var told = false; ;)
        {
            var check = await CheckAsync(connection);
            if (check.Ok || !check.Detail.StartsWith("Redis does not answer", StringComparison.Ordinal) || TimeProvider.System.GetElapsedTime(started) > Patience)
            {
                return check.Ok ? null : check.Failure;
            }

            if (!told)
            {
                told = true;
                await Console.Error.WriteLineAsync($"waiting up to {Patience.TotalSeconds:0} s for the store: {check.Detail}");
            }

            await Task.Delay(Again, cancellation);
        }
    }

    // A Redis that hides its settings from us is taken on trust.
    private static async Task<string?> PolicyAsync(IServer server) => await SettingAsync(server, "maxmemory-policy");

    private static async Task<bool> IsDurableAsync(IServer server) => await SettingAsync(server, "appendonly") is null or "yes";

    private static async Task<string?> SettingAsync(IServer server, string name)
    {
        try
        {
            return (await server.ConfigGetAsync(name)).FirstOrDefault().Value;
        }
        catch (RedisServerException)
        {
            return null;
        }
    }
}
