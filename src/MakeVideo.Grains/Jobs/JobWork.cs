using System.Collections.Immutable;
using MakeVideo.Captions;
using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using MakeVideo.Media.Rendering;
using MakeVideo.Media.Workspace;
using MakeVideo.Media;
using MakeVideo.Sources;

namespace MakeVideo.Grains.Jobs;

/// <summary>The work of one job, from audio to published video. Everything it did before is found done: it always starts from the top.</summary>
internal sealed class JobWork(
    SourceOrder sources, SegmentRender render, Composition composition, WorkerSlots slots, WorkOptions options, DataFolder data, TimeProvider clock)
{
    /// <summary>The result, or the first failure of a branch.</summary>
    public async Task<Outcome<JobResult>> RunAsync(JobLedger ledger, IGrainFactory grains, CancellationToken cancellation)
    {
        var waits = new BranchWaits(ledger, clock);
        var speech = new SpeechBranch(ledger, grains, waits, options);
        var footage = new FootageBranch(ledger, grains, sources, waits, options);
        var (cues, clips) = await BothAsync(
            stop => speech.RunAsync(stop),
            stop => footage.RunAsync(speech.Analyzed, stop),
            cancellation);

        // A branch that was stopped for the other's sake is not the reason.
        JobFailure?[] failures = [cues.Failure, clips.Failure];
        if (failures.OfType<JobFailure>().MinBy(failure => failure.Code == FailureCodes.Stopped) is { } reason)
        {
            return reason;
        }

        var assembled = await new Assembly(ledger, grains, render, options, data).RunAsync(clips.Value!, cues.Value, cancellation);
        return assembled.Failed
            ? assembled.Failure
            : await ComposeAsync(ledger, assembled.Value, cues.Value, cancellation);
    }

    private async Task<Outcome<JobResult>> ComposeAsync(
        JobLedger ledger, AssembledVideo assembled, ImmutableArray<Cue> cues, CancellationToken cancellation)
    {
        await ledger.BeginAsync(JobStage.FinalComposition);
        var request = ledger.Request;
        var format = OutputFormat.For(request.Aspect, request.Quality);
        var epoch = ledger.Progress.Epoch;
        var attempt = data.Attempt(request.JobId, epoch);
        Outcome<ComposedVideo> video;
        using (await slots.TakeAsync(ledger.Order, cancellation))
        {
            await AtomicFile.WriteTextAsync(data.Subtitles(request.JobId, epoch), SrtDocument.Write(cues, format.FramesPerSecond), cancellation);
            await AtomicFile.WriteTextAsync(data.Credits(request.JobId, epoch), Credits.Write(JobViews.ShortsUsed(ledger.Plan)), cancellation);
            video = await composition.ComposeAsync(
                assembled.Segments, data.Audio(request.JobId), format, ledger.Plan.Frames, attempt, data.Video(request.JobId, epoch),
                new Progress(fraction => ledger.Report(JobStage.FinalComposition, fraction)), cancellation);
        }

        if (video.Failed)
        {
            return video.Failure;
        }

        await ledger.EndAsync(JobStage.FinalComposition, new("file_size", video.Value.Bytes, null), new("frames", video.Value.Frames, null));
        return new JobResult
        {
            FileSize = video.Value.Bytes,
            Duration = video.Value.Duration,
            Format = format,
            Sha256 = video.Value.Sha256,
            Frames = video.Value.Frames,
            SubtitleSegments = cues.Length,
            ProcessingSeconds = Math.Round((ledger.Now - request.CreatedAt).TotalSeconds, 3),
            LoopedSeconds = Math.Round((double)ledger.Plan.LoopedFrames / format.FramesPerSecond, 3),
            SegmentsReused = assembled.Reused,
            SegmentsRendered = assembled.Segments.Length - assembled.Reused,
            Epoch = epoch,
        };
    }

    /// <summary>Runs two branches side by side; when one fails, the other is stopped.</summary>
    private static async Task<(Outcome<TFirst> First, Outcome<TSecond> Second)> BothAsync<TFirst, TSecond>(
        Func<CancellationToken, Task<Outcome<TFirst>>> first, Func<CancellationToken, Task<Outcome<TSecond>>> second, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var branches = await Task.WhenAll(Guarded(first), Guarded(second));
        cancellation.ThrowIfCancellationRequested();
        return ((Outcome<TFirst>)branches[0], (Outcome<TSecond>)branches[1]);

        async Task<object> Guarded<T>(Func<CancellationToken, Task<Outcome<T>>> branch)
        {
            try
            {
                var outcome = await branch(stop.Token);
                if (outcome.Failed)
                {
                    await stop.CancelAsync();
                }

                return outcome;
            }
            catch (ItemParkedException parked)
            {
                await stop.CancelAsync();
                Outcome<T> waits = parked.Failure;
                return waits;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                Outcome<T> stopped = new JobFailure(FailureCodes.Stopped, null, "Stopped because the other branch failed.", Retryable: true);
                return stopped;
            }
            catch
            {
                await stop.CancelAsync();
                throw;
            }
        }
    }
}
