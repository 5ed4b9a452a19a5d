using System.Collections.Immutable;
using System.Diagnostics;
using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using MakeVideo.Media.Rendering;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace MakeVideo.Grains.Segments;

/// <summary>Renders one segment. Remembers nothing in the store: the finished file, named by all that shapes it, is the memory.</summary>
[FreeSlotPlacement, GrainType("segment"), Reentrant]
internal sealed partial class SegmentGrain(
    SegmentRender render, Culprits culprits, SiloBoard board, ClusterMeter meter, WorkOptions options, DataFolder data, ILocalSiloDetails silo, ILogger<SegmentGrain> logger)
    : Grain, ISegmentGrain, IAsyncDisposable
{
    private readonly JoinedWork<SegmentAnswer> _work = new(options.AnswerWithin);
    private double _fraction;
    private int _epoch;
    private bool _inLine;

    public async Task<SegmentAnswer> EnsureAsync(SegmentOrder order)
    {
        if (order.Epoch < _epoch)
        {
            meter.Fenced("report");
            return new(SegmentStatus.Failed, 0, Silo: silo.Name, Failure: new(FailureCodes.Fenced, JobStage.AssemblingVideo, "A later attempt has taken over."));
        }

        _epoch = order.Epoch;
        DelayDeactivation(TimeSpan.FromMinutes(2));
        return await _work.AskAsync(order.JobId, stop => WorkAsync(order, stop)) ?? new(SegmentStatus.Rendering, _fraction, Silo: silo.Name, InLine: _inLine);
    }

    public async Task StopAsync()
    {
        await _work.CloseAsync();
        DeactivateOnIdle();
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _work.CloseAsync();

    public ValueTask DisposeAsync() => _work.DisposeAsync();

    private async Task<SegmentAnswer> WorkAsync(SegmentOrder order, CancellationToken cancellation)
    {
        var target = data.Segment(order.Hash);
        var clock = Stopwatch.StartNew();
        try
        {
            _inLine = true;
            using var slot = await board.TakeSlotAsync(order.Order, cancellation);
            _inLine = false;
            if (slot is null)
            {
                DeactivateOnIdle();
                return new(SegmentStatus.Rendering, 0, InLine: true);
            }

            if (SegmentRender.IsComplete(target, order.Spec.Frames))
            {
                return new(SegmentStatus.Ready, 1, Reused: true, Silo: silo.Name);
            }

            var outcome = await render.RenderAsync(
                order.Spec, data.Attempt(order.JobId, order.Epoch), target, new Progress(fraction => _fraction = fraction), cancellation);
            Failpoints.Reached(Failpoints.SegmentPublished);
            if (!outcome.Failed)
            {
                return new(SegmentStatus.Ready, 1, Seconds: outcome.Value, Silo: silo.Name);
            }

            var blamed = order.LastTry && outcome.Failure.Code is FailureCodes.RenderFailed or FailureCodes.RenderStalled or FailureCodes.RenderTimedOut
                ? await culprits.FindAsync(order.Spec, data.Attempt(order.JobId, order.Epoch), cancellation)
                : (ImmutableArray<string>?)null;
            return new(SegmentStatus.Failed, _fraction, Silo: silo.Name, Failure: outcome.Failure, Blamed: blamed);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return new(SegmentStatus.Failed, _fraction, Silo: silo.Name, Failure: new(FailureCodes.Stopped, JobStage.AssemblingVideo, "The silo or the job was stopped.", Retryable: true));
        }
        catch (Exception failure)
        {
            LogFailed(failure, order.Hash, clock.Elapsed);
            return new(SegmentStatus.Failed, _fraction, Silo: silo.Name, Failure: Failures.Of(failure, JobStage.AssemblingVideo));
        }
    }

    [LoggerMessage(LogLevel.Error, "Segment {Hash} failed after {Elapsed}")]
    private partial void LogFailed(Exception failure, string hash, TimeSpan elapsed);
}
