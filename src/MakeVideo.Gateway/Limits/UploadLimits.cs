using System.Threading.RateLimiting;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace MakeVideo.Gateway.Limits;

/// <summary>Uploads at once, of one caller and in all. Those that come meanwhile wait their turn with their bodies unread; who finds even that line full is sent away.</summary>
internal sealed class UploadLimits : IDisposable
{
    /// <summary>What an upload is taken to last before one has been seen.</summary>
    private static readonly TimeSpan Untried = TimeSpan.FromSeconds(5);

    private readonly PartitionedRateLimiter<HttpContext> _ofOne;
    private readonly ConcurrencyLimiter _all;
    private readonly LimitOptions _limits;
    private readonly TimeProvider _clock;
    private double _seconds = Untried.TotalSeconds;

    public UploadLimits(IOptions<LimitOptions> options, TimeProvider clock)
    {
        (_limits, _clock) = (options.Value, clock);
        _all = new(Line(_limits.Uploads));
        _ofOne = PartitionedRateLimiter.Create<HttpContext, string>(
            context => RateLimitPartition.GetConcurrencyLimiter(RequestLimits.CallerOf(context), _ => Line(_limits.UploadsOfOne)));
    }

    public async ValueTask<object?> FilterAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        var context = call.HttpContext;
        using var own = await _ofOne.AcquireAsync(context, 1, context.RequestAborted);
        if (!own.IsAcquired)
        {
            return new Problem(Refusal(HttpCodes.TooManyUploads, $"More than {_limits.UploadsOfOne} of your uploads are under way, and {_limits.UploadsWaiting} wait."), WaitFor(_limits.UploadsOfOne));
        }

        using var slot = await _all.AcquireAsync(1, context.RequestAborted);
        if (!slot.IsAcquired)
        {
            return new Problem(Refusal(HttpCodes.UploadsBusy, $"{_limits.Uploads} uploads are under way, and {_limits.UploadsWaiting} wait."), WaitFor(_limits.Uploads));
        }

        var began = _clock.GetTimestamp();
        try
        {
            return await next(call);
        }
        finally
        {
            // The latest counts a fifth: uploads of a minute and of a second come mixed.
            _seconds = (0.8 * _seconds) + (0.2 * _clock.GetElapsedTime(began).TotalSeconds);
        }
    }

    public void Dispose()
    {
        _ofOne.Dispose();
        _all.Dispose();
    }

    /// <summary>A place in the line is free when one upload has ended.</summary>
    private TimeSpan WaitFor(int atOnce) => TimeSpan.FromSeconds(_seconds / atOnce);

    private ConcurrencyLimiterOptions Line(int atOnce) => new() { PermitLimit = atOnce, QueueLimit = _limits.UploadsWaiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst };

    private static JobFailure Refusal(string code, string message) => new(code, null, $"{message} Send this one again after the time that Retry-After says.", Retryable: true);
}
