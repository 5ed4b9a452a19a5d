using System.Collections.Immutable;
using MakeVideo.Captions;
using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using MakeVideo.Media;
using MakeVideo.Media.Rendering;

namespace MakeVideo.Grains.Jobs;

/// <summary>The segments of one video, in order.</summary>
/// <param name="Segments">In order of time.</param>
/// <param name="Reused">How many were there already.</param>
internal sealed record AssembledVideo(ImmutableArray<RenderedSegment> Segments, int Reused);

/// <summary>assembling_video: every segment of the timeline, rendered wherever there is a slot.</summary>
internal sealed class Assembly(JobLedger ledger, IGrainFactory grains, SegmentRender render, WorkOptions options, DataFolder data)
{
    private readonly List<ISegmentGrain> _asked = [];

    public async Task<Outcome<AssembledVideo>> RunAsync(
        ImmutableDictionary<int, ReadyClip> clips, ImmutableArray<Cue> cues, CancellationToken cancellation)
    {
        await ledger.BeginAsync(JobStage.AssemblingVideo);
        var specs = Specs(clips, cues);
        var rendered = new RenderedSegment[specs.Length];
        var reused = 0;
        JobFailure? failure = null;
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var window = new SemaphoreSlim(options.SegmentsAtOnce);
        var fractions = new double[specs.Length];

        async Task EnsureAsync(int index)
        {
            await window.WaitAsync(abort.Token);
            try
            {
                var hash = await render.HashAsync(specs[index], abort.Token);
                var order = new SegmentOrder(hash, specs[index], ledger.Request.JobId, ledger.Progress.Epoch, JobOrder.Of(ledger.Request));
                var answer = await AskAsync(index, order, fractions, abort.Token);
                failure ??= answer.Failure;
                reused += answer.Reused ? 1 : 0;
                rendered[index] = new(data.Segment(hash), specs[index].Frames);
                if (answer.Failure is not null)
                {
                    await abort.CancelAsync();
                }
            }
            finally
            {
                window.Release();
            }
        }

        try
        {
            await Task.WhenAll(Enumerable.Range(0, specs.Length).Select(EnsureAsync));
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            await Task.WhenAll(_asked.Select(segment => segment.StopAsync()));
            cancellation.ThrowIfCancellationRequested();
        }

        if (failure is not null)
        {
            return failure;
        }

        await ledger.EndAsync(JobStage.AssemblingVideo, new("segments", specs.Length, null), new("segments_reused", reused, null));
        return new AssembledVideo([.. rendered], reused);
    }

    private ImmutableArray<SegmentSpec> Specs(ImmutableDictionary<int, ReadyClip> clips, ImmutableArray<Cue> cues)
    {
        var request = ledger.Request;
        var format = OutputFormat.For(request.Aspect, request.Quality);
        var captions = AssTimeline.Build(cues, request.Style, format);
        return
        [
            .. Timeline.Segments(ledger.Plan.Timeline!.Value).Select(stretch => new SegmentSpec(
                [.. stretch.Slices.Select(slice => Slice(clips[slice.Candidate], slice))],
                format, request.Fit, request.Crop, request.Quality, captions.Cut(stretch.First, stretch.Frames))),
        ];
    }

    private static Slice Slice(ReadyClip clip, PlannedSlice slice) =>
        new(clip.Path, clip.Sha256, (double)slice.Start / OutputFormat.DefaultFramesPerSecond, slice.Frames);

    private async Task<SegmentAnswer> AskAsync(int index, SegmentOrder order, double[] fractions, CancellationToken cancellation)
    {
        var segment = grains.GetGrain<ISegmentGrain>($"{order.JobId}/{order.Hash}");
        _asked.Add(segment);
        for (var failures = 0; ;)
        {
            cancellation.ThrowIfCancellationRequested();
            var answer = await segment.EnsureAsync(order);
            var final = answer.Status is SegmentStatus.Ready || (answer.Failure is { } failure && (!failure.Retryable || ++failures >= options.SegmentAttempts));
            fractions[index] = answer.Fraction;
            ledger.Report(JobStage.AssemblingVideo, fractions.Average());
            if (ledger.ReportSegment(index, Code(answer, final), answer.Fraction))
            {
                await ledger.SaveProgressAsync();
            }

            if (final)
            {
                return answer;
            }
        }
    }

    private static char Code(SegmentAnswer answer, bool final) => answer switch
    {
        { Status: SegmentStatus.Ready, Reused: true } => ItemCodes.Reused,
        { Status: SegmentStatus.Ready } => ItemCodes.Done,
        _ => final ? ItemCodes.Failed : ItemCodes.Working,
    };
}
