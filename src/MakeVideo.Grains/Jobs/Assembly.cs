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
    private double[] _fractions = [];
    private int[] _frames = [];

    /// <summary>Candidates whose clips no silo can render; set when the answer is a failure.</summary>
    public ImmutableArray<int> Blamed { get; private set; } = [];

    public async Task<Outcome<AssembledVideo>> RunAsync(
        ImmutableDictionary<int, ReadyClip> clips, ImmutableArray<Cue> cues, CancellationToken cancellation)
    {
        await ledger.BeginAsync(JobStage.AssemblingVideo);
        var specs = Specs(clips, cues);
        var rendered = new RenderedSegment[specs.Length];
        _fractions = new double[specs.Length];
        _frames = [.. specs.Select(spec => spec.Frames)];
        var reused = 0;
        JobFailure? failure = null;
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var window = new SemaphoreSlim(options.SegmentsAtOnce);

        async Task EnsureAsync(int index)
        {
            await window.WaitAsync(abort.Token);
            try
            {
                var hash = await render.HashAsync(specs[index], abort.Token);
                rendered[index] = new(data.Segment(hash), specs[index].Frames);
                var answer = IsDone(index, rendered[index]) ?? await AskAsync(index, new(hash, specs[index], ledger.JobId, ledger.Progress.Epoch, ledger.Order), abort.Token);
                reused += answer.Reused ? 1 : 0;
                await ReportAsync(index, answer, final: true);
                if (answer.Failure is not null)
                {
                    failure ??= answer.Failure;
                    Blamed = [.. clips.Where(clip => answer.Blamed?.Contains(clip.Value.Sha256) is true).Select(clip => clip.Key).Union(Blamed)];
                    await abort.CancelAsync();
                }
            }
            catch
            {
                await abort.CancelAsync();
                throw;
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
            if (ledger.ForGood || failure is not null)
            {
                await Task.WhenAll(_asked.Select(segment => segment.StopAsync()));
            }
            else if (ledger.Watch?.Overrun is JobStage.AssemblingVideo)
            {
                // Any of them may hang; finished ones are files and cannot be stopped.
                await Task.WhenAll(_asked.Select(segment => ItemCall.StopAsync(segment.StopAsync)));
            }

            cancellation.ThrowIfCancellationRequested();
        }

        if (failure is not null)
        {
            return failure;
        }

        await ledger.EndAsync(JobStage.AssemblingVideo, new("segments", specs.Length, null), new("segments_reused", reused, null));
        return new AssembledVideo([.. rendered], reused);
    }

    /// <summary>A finished file needs no slot and no call: a job that resumes looks for its segments first.</summary>
    private static SegmentAnswer? IsDone(int index, RenderedSegment segment) =>
        SegmentRender.IsComplete(segment.Path, segment.Frames) ? new(SegmentStatus.Ready, 1, Reused: true) : null;

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

    private async Task<SegmentAnswer> AskAsync(int index, SegmentOrder order, CancellationToken cancellation)
    {
        var segment = grains.GetGrain<ISegmentGrain>($"{order.JobId}/{order.Hash}");
        using var call = new ItemCall(ledger, $"segment {index + 1}", JobStage.AssemblingVideo);
        _asked.Add(segment);
        for (var failures = 0; ;)
        {
            var asked = order with { LastTry = failures == options.SegmentAttempts - 1 };
            if (await call.PollAsync(() => segment.EnsureAsync(asked), cancellation) is not { } answer)
            {
                continue;
            }

            // What was only stopped, by a silo that leaves, is no failure of the segment's.
            if (answer.Status is SegmentStatus.Ready
                || (answer.Failure is { Code: not FailureCodes.Stopped } failure && (!failure.Retryable || ++failures >= options.SegmentAttempts)))
            {
                return answer;
            }

            await ReportAsync(index, answer, final: false);
        }
    }

    private async Task ReportAsync(int index, SegmentAnswer answer, bool final)
    {
        _fractions[index] = answer.Fraction;
        ledger.Watch?.Rendered(answer.Seconds, _frames[index]);
        ledger.Report(JobStage.AssemblingVideo, _fractions.Average());
        if (ledger.ReportSegment(index, Code(answer, final), answer.Fraction, answer.Seconds, answer.Silo))
        {
            await ledger.SaveSoonAsync();
        }
    }

    private static char Code(SegmentAnswer answer, bool final) => answer switch
    {
        { Status: SegmentStatus.Ready, Reused: true } => ItemCodes.Reused,
        { Status: SegmentStatus.Ready } => ItemCodes.Done,
        _ => final ? ItemCodes.Failed : ItemCodes.Working,
    };
}
