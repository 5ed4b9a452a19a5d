using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace MakeVideo.FakeUpstreams.Faults;

/// <summary>Notes each call, and lets the faults of the wire happen.</summary>
internal sealed class FaultMiddleware(FaultBook faults, CallBook calls)
{
    private static readonly HashSet<string> OfJobs = [FaultKinds.BadItems, FaultKinds.StuckJob, FaultKinds.ForgetJob, FaultKinds.FailedJob];

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var parts = context.Request.Path.Value!.Split('/', 3);
        var (service, path) = (parts[1], parts.Length > 2 ? "/" + parts[2] : "/");
        if (service is "faults" or "counts" or "calls")
        {
            await next(context);
            return;
        }

        calls.Add(new(DateTimeOffset.UtcNow, service, context.Request.Method, path, context.Request.QueryString.Value ?? "", context.Request.Headers.Range.FirstOrDefault()));
        if (faults.Take(service, context.Request.Method, path, kind => !OfJobs.Contains(kind)) is not { } rule)
        {
            await next(context);
            return;
        }

        // The request is read: who answers early resets the connection of who still sends.
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, faults.Cleared);
        try
        {
            await HappenAsync(rule, context, next, stop.Token);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }

    private static async Task HappenAsync(FaultRule rule, HttpContext context, RequestDelegate next, CancellationToken stop)
    {
        var response = context.Response;
        switch (rule.Kind)
        {
            case FaultKinds.Status:
                response.StatusCode = rule.Status;
                if (rule.RetryAfter is { } after)
                {
                    response.Headers.RetryAfter = after.StartsWith("date:", StringComparison.Ordinal)
                        ? DateTimeOffset.UtcNow.AddSeconds(double.Parse(after[5..], CultureInfo.InvariantCulture)).ToString("r", CultureInfo.InvariantCulture)
                        : after;
                }

                await response.WriteAsync("{\"detail\":\"a fault was asked for\"}", stop);
                break;
            case FaultKinds.Reset:
                context.Abort();
                break;
            case FaultKinds.Silent:
                await Task.Delay(Timeout.Infinite, stop);
                break;
            case FaultKinds.Held:
                await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                context.RequestAborted.ThrowIfCancellationRequested();
                await next(context);
                break;
            case FaultKinds.Truncated or FaultKinds.Stall or FaultKinds.Drip:
                await SpoilAsync(rule, context, next, stop);
                break;
            case FaultKinds.Endless:
                var some = new byte[64 * 1024];
                while (true)
                {
                    await response.Body.WriteAsync(some, stop);
                }

            case FaultKinds.HugeLength:
                response.ContentLength = rule.Rate;
                await response.Body.WriteAsync("0000"u8.ToArray(), stop);
                await response.Body.FlushAsync(stop);
                await Task.Delay(Timeout.Infinite, stop);
                break;
            case FaultKinds.GzipBomb:
                response.Headers.ContentEncoding = "gzip";
                response.ContentType = context.Request.Path.Value is { } path && (path.EndsWith("/download", StringComparison.Ordinal) || path.EndsWith(".mp4", StringComparison.Ordinal)) ? "video/mp4" : "application/json";
                await response.Body.WriteAsync(Bomb(), stop);
                break;
            case FaultKinds.Html:
                response.ContentType = "video/mp4";
                await response.WriteAsync("\n<!DOCTYPE html><html><body>Please sign in</body></html>", stop);
                break;
            case FaultKinds.Redirect:
                response.StatusCode = StatusCodes.Status302Found;
                response.Headers.Location = rule.Text ?? context.Request.Path.Value;
                break;
            default:
                response.ContentType = "application/json";
                await response.WriteAsync(Text(rule), stop);
                break;
        }
    }

    // What would be answered, half of it or slowly.
    private static async Task SpoilAsync(FaultRule rule, HttpContext context, RequestDelegate next, CancellationToken stop)
    {
        var wire = context.Response.Body;
        using var whole = new MemoryStream();
        context.Response.Body = whole;
        await next(context);
        context.Response.Body = wire;
        context.Response.ContentLength = whole.Length;
        var bytes = whole.ToArray();
        if (rule.Kind == FaultKinds.Drip)
        {
            for (var sent = 0; sent < bytes.Length; sent += (int)rule.Rate)
            {
                await wire.WriteAsync(bytes.AsMemory(sent, (int)Math.Min(rule.Rate, bytes.Length - sent)), stop);
                await wire.FlushAsync(stop);
                await Task.Delay(TimeSpan.FromSeconds(1), stop);
            }

            return;
        }

        await wire.WriteAsync(bytes.AsMemory(0, bytes.Length / 2), stop);
        await wire.FlushAsync(stop);
        if (rule.Kind == FaultKinds.Stall)
        {
            await Task.Delay(Timeout.Infinite, stop);
        }

        // Time for what was sent to get there: a reset may drop it.
        await Task.Delay(TimeSpan.FromMilliseconds(50), stop);
        context.Abort();
    }

    private static string Text(FaultRule rule) => rule.Kind switch
    {
        FaultKinds.DeepJson => new StringBuilder().Insert(0, "[", 10_000).Insert(10_000, "]", 10_000).ToString(),
        FaultKinds.HugeJson => $"{{\"pad\":\"{new string('x', 64 << 20)}\"}}",
        _ => rule.Text ?? "{\"id\": tru",
    };

    private static byte[] Bomb()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 1024; i++)
            {
                gzip.Write(zeros);
            }
        }

        return packed.ToArray();
    }
}
