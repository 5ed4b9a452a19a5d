using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using MakeVideo.Gateway.Keys;
using MakeVideo.Gateway.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace MakeVideo.Gateway.Limits;

/// <summary>Requests in a second, for each key, and for each address that comes without one.</summary>
internal sealed class RequestLimits(IOptions<LimitOptions> options) : IConfigureOptions<RateLimiterOptions>
{
    /// <summary>Tokens come this often: a caller at the limit is slowed, not stopped for a whole second.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    public void Configure(RateLimiterOptions limiter)
    {
        var limits = options.Value;
        var bucket = new TokenBucketRateLimiterOptions
        {
            TokenLimit = limits.RequestBurst,
            TokensPerPeriod = Math.Max(1, limits.RequestsPerSecond / 10),
            ReplenishmentPeriod = limits.RequestsPerSecond < 10 ? TimeSpan.FromSeconds(1.0 / limits.RequestsPerSecond) : Period,
            QueueLimit = 0,
        };
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => RateLimitPartition.GetTokenBucketLimiter(CallerOf(context), _ => bucket));
        limiter.OnRejected = (rejected, _) => new(Problem.WriteAsync(
            rejected.HttpContext, new(HttpCodes.TooManyRequests, null, $"More than {limits.RequestsPerSecond} requests a second. Send them more slowly; Retry-After says when to go on.", Retryable: true),
            StatusCodes.Status429TooManyRequests, rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Period));
    }

    /// <summary>Whom a limit is for: the key, else the address; of IPv6 the network that one customer has.</summary>
    public static string CallerOf(HttpContext context)
    {
        if (context.Caller().KeyId is { } key)
        {
            return "key " + key;
        }

        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4().ToString()
            : address.AddressFamily is AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }
}
