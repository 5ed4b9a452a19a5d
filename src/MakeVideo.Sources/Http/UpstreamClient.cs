using System.Net;
using MakeVideo.Contracts;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace MakeVideo.Sources.Http;

/// <summary>
/// Calls one upstream. The only place that repeats a call: what passes (no connection, no answer in time, a broken body, 5xx) is tried again with
/// jitter, each attempt through the gate; what does not pass is an answer. A closed gate is <see cref="FailureCodes.UpstreamUnavailable"/> or
/// <see cref="FailureCodes.UpstreamThrottled"/> with <see cref="JobFailure.RetryAt"/>.
/// </summary>
internal sealed partial class UpstreamClient
{
    private readonly UpstreamOptions _options;
    private readonly UpstreamWire _wire;
    private readonly IUpstreamGate _gate;
    private readonly TimeProvider _clock;
    private readonly ILogger<UpstreamClient> _logger;
    private readonly UpstreamMeter? _meter;
    private readonly ResiliencePipeline<Attempt> _calls;
    private readonly ResiliencePipeline<Attempt> _downloads;
    private readonly Uri _base;

    public UpstreamClient(UpstreamOptions options, UpstreamWire wire, IUpstreamGate gate, TimeProvider clock, ILogger<UpstreamClient> logger, UpstreamMeter? meter = null)
    {
        (_options, _wire, _gate, _clock, _logger, _meter) = (options, wire, gate, clock, logger, meter);

        // Without it the last part of the path would be replaced by what is called.
        _base = options.Url.AbsoluteUri.EndsWith('/') ? options.Url : new Uri(options.Url.AbsoluteUri + "/");
        (_calls, _downloads) = (Pipeline(options.Timeouts.Total), Pipeline(options.Timeouts.Download));
    }

    public UpstreamOptions Options => _options;

    /// <summary>
    /// Sends and reads the JSON that comes back. Failures: UpstreamUnavailable and UpstreamThrottled (retryable, with when), UpstreamRefused
    /// (a setting must change), UpstreamAnswerInvalid (no JSON, too large, too deep).
    /// </summary>
    public async Task<Contracts.Outcome<UpstreamReply>> SendAsync(UpstreamRequest request, CancellationToken cancellation)
    {
        var attempt = await TryAsync(_calls, () => request, (response, permit, stop) => ReadJsonAsync(request, response, permit, stop), cancellation);
        return attempt.Failure is { } failure ? failure : attempt.Reply!;
    }

    /// <summary>
    /// Fetches a body whole into a file, resumed by Range after it broke where the server names a version of what it sends. Value: sha256, lower-case hex.
    /// Failures: as above, and ClipMissing, ClipEmpty, ClipTooLarge, ClipUnreadable, DiskFull; whatever fails, nothing is left at the target.
    /// </summary>
    /// <param name="request">A GET.</param>
    /// <param name="target">Path of the file; its folder is there.</param>
    /// <param name="maxBytes">Most bytes, decoded.</param>
    /// <param name="progress">0 to 1, where the length is known.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<Contracts.Outcome<string>> DownloadAsync(UpstreamRequest request, string target, long maxBytes, IProgress<double>? progress, CancellationToken cancellation)
    {
        string? sha256 = null;
        try
        {
            await using var file = new PartialFile(target);
            var download = new BodyDownload(this, request, file, maxBytes, progress, _clock);
            var attempt = await TryAsync(_downloads, download.Next, download.ReadAsync, cancellation);
            if (attempt.Failure is { } failure)
            {
                return failure;
            }

            sha256 = file.Finish();
            return sha256;
        }
        catch (IOException full) when (FullDisk.Is(full))
        {
            return new JobFailure(FailureCodes.DiskFull, request.Stage, $"No space is left for a clip at {target}; free some, then resume the job.", Retryable: true);
        }
        finally
        {
            if (sha256 is null)
            {
                File.Delete(target);
            }
        }
    }

    private async Task<Attempt> TryAsync(
        ResiliencePipeline<Attempt> pipeline, Func<UpstreamRequest> request, Func<HttpResponseMessage, UpstreamPermit, CancellationToken, Task<Attempt>> read, CancellationToken cancellation)
    {
        try
        {
            return await pipeline.ExecuteAsync(stop => new ValueTask<Attempt>(TryOnceAsync(request(), read, stop)), cancellation);
        }
        catch (TimeoutRejectedException late)
        {
            return Attempt.Later(Unavailable(request().Stage, $"did not finish within {late.Timeout.TotalSeconds:0} s"));
        }
    }

    private async Task<Attempt> TryOnceAsync(
        UpstreamRequest request, Func<HttpResponseMessage, UpstreamPermit, CancellationToken, Task<Attempt>> read, CancellationToken cancellation)
    {
        var headersWithin = request.HeadersWithin ?? _options.Timeouts.Headers;
        var entered = await UpstreamPermit.EnterAsync(_gate, _options, headersWithin, _clock, request.Stage, cancellation);
        if (entered.Failed)
        {
            _meter?.Closed(_options.Name);
            return Attempt.Final(entered.Failure);
        }

        await using var permit = entered.Value;
        var began = _clock.GetTimestamp();
        var attempt = await ExchangeAsync(request, headersWithin, read, permit, cancellation);
        permit.Report = attempt.Report;
        _meter?.Called(_options.Name, attempt.Report.Verdict, _clock.GetElapsedTime(began));
        if (attempt.Failure is { } failure)
        {
            LogFailed(_options.Name, request.Method.Method, failure.Code, failure.Message);
        }

        return attempt;
    }

    private async Task<Attempt> ExchangeAsync(
        UpstreamRequest request, TimeSpan headersWithin, Func<HttpResponseMessage, UpstreamPermit, CancellationToken, Task<Attempt>> read, UpstreamPermit permit, CancellationToken cancellation)
    {
        try
        {
            using var late = new CancellationTokenSource(headersWithin, _clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
            using var response = await _wire.SendAsync(_base, new Uri(_base, request.Path), (to, own) => Message(request, to, own), either.Token);
            return await read(response, permit, cancellation);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Attempt.Later(Unavailable(request.Stage, $"did not answer within {headersWithin.TotalSeconds:0.#} s"));
        }
        catch (HopRefusedException hop)
        {
            return Attempt.Final(Refused(request.Stage, hop.Message));
        }
        catch (HttpRequestException failure)
        {
            return CannotSpeak(request, failure);
        }
    }

    private static HttpRequestMessage Message(UpstreamRequest request, Uri to, bool own)
    {
        var message = new HttpRequestMessage(request.Method, to) { Content = request.Content?.Invoke() };
        message.Headers.TryAddWithoutValidation("User-Agent", "MakeVideo/0.1");
        message.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
        foreach (var (name, value) in own ? request.Headers : [.. request.Headers.Where(header => header.Name is "Range" or "If-Range" or "Accept-Encoding")])
        {
            message.Headers.Remove(name);
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }

    private async Task<Attempt> ReadJsonAsync(UpstreamRequest request, HttpResponseMessage response, UpstreamPermit permit, CancellationToken cancellation)
    {
        if (request.Accepts.Contains(response.StatusCode))
        {
            return Attempt.Of(new(response.StatusCode, default));
        }

        if (Judge(request, response) is { } failed)
        {
            return failed;
        }

        try
        {
            await using var body = await BoundedBody.OpenAsync(response.Content, _options.Timeouts, _options.MaxJsonBytes, _clock, cancellation);
            using var bytes = new MemoryStream();
            var buffer = new byte[16 * 1024];
            while (await body.ReadAsync(buffer, cancellation) is var read and > 0)
            {
                bytes.Write(buffer, 0, read);
                await permit.KeepAsync();
            }

            return LooseJson.Parse(bytes.GetBuffer().AsMemory(0, (int)bytes.Length)) is { } root
                ? Attempt.Of(new(response.StatusCode, root))
                : Attempt.Final(Invalid(request.Stage, "what came is no JSON, or nested too deep"));
        }
        catch (BrokenBodyException broken)
        {
            return Attempt.Later(Unavailable(request.Stage, $"sent half an answer: {broken.Message}"));
        }
        catch (BodyTooLargeException large)
        {
            return Attempt.Final(Invalid(request.Stage, large.Message));
        }
    }

    // The whole of a call, with the pauses between its attempts; the gate adds its own.
    private ResiliencePipeline<Attempt> Pipeline(TimeSpan total)
    {
        var pipeline = new ResiliencePipelineBuilder<Attempt> { TimeProvider = _clock };
        pipeline.AddTimeout(total);
        if (_options.Retries > 0)
        {
            pipeline.AddRetry(new RetryStrategyOptions<Attempt>
            {
                MaxRetryAttempts = _options.Retries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = _options.RetryAfter,
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Result?.Again == true),
            });
        }

        return pipeline.Build();
    }

    [LoggerMessage(LogLevel.Debug, "{Method} to {Upstream} failed with {Code}: {Reason}")]
    private partial void LogFailed(string upstream, string method, string code, string reason);
}
