using System.Collections.Immutable;
using MakeVideo.Captions;
using MakeVideo.Contracts;
using MakeVideo.Grains.Budgets;
using MakeVideo.Grains.Cluster;
using MakeVideo.Media.Rendering;
using MakeVideo.Media.Workspace;
using MakeVideo.Media;
using MakeVideo.Sources;

namespace MakeVideo.Grains.Jobs;

/// <summary>The work of one job, from audio to published video. Everything it did before is found done: it always starts from the top.</summary>
internal sealed partial class JobWork(
    SourceOrder sources, SegmentRender render, Soundtrack soundtrack, Composition composition, WorkerSlots slots, SiloBoard board, WorkOptions options, PaceBook paces, DataFolder data, TimeProvider clock)
{
    /// <summary>The result, the first failure of a branch, or the first stage that ran out of its budget.</summary>
    public async Task<Outcome<JobResult>> RunAsync(JobLedger ledger, IGrainFactory grains, CancellationToken cancellation)
    {
        await paces.ReadyAsync();
        var watch = new StageWatch(ledger, ledger.Outlook!.Work, paces, board, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        ledger.Watch = watch;
        var watching = watch.RunAsync(stop);
        try
        {
            return await RunStagesAsync(ledger, grains, stop.Token);
        }
        catch (OperationCanceledException) when (watch.Overrun is not null && !cancellation.IsCancellationRequested)
        {
            return watch.Fail();
        }
        finally
        {
            await stop.CancelAsync();
            await watching;
            ledger.Watch = null;
        }
    }

    private async Task<Outcome<JobResult>> RunStagesAsync(JobLedger ledger, IGrainFactory grains, CancellationToken cancellation)
    {
        var waits = new BranchWaits(ledger, clock);
        var speech = new SpeechBranch(ledger, grains, waits, options);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var sound = SoundAsync(ledger, speech.Analyzed, over.Token);
        try
        {
            return await MakeAsync(ledger, grains, waits, speech, sound, cancellation);
        }
        finally
        {
            await over.CancelAsync();
            await ((Task)sound).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    private async Task<Outcome<JobResult>> MakeAsync(
        JobLedger ledger, IGrainFactory grains, BranchWaits waits, SpeechBranch speech, Task<Outcome<string>> sound, CancellationToken cancellation)
    {
        var (cues, clips) = await BothAsync(
            stop => speech.RunAsync(stop),
            stop => new FootageBranch(ledger, grains, sources, waits, options).RunAsync(speech.Analyzed, stop),
            cancellation);

        // A branch that was stopped for the other's sake is not the reason.
        JobFailure?[] failures = [cues.Failure, clips.Failure];
        if (failures.OfType<JobFailure>().MinBy(failure => failure.Code == FailureCodes.Stopped) is { } reason)
        {
            return reason;
        }

        var assembled = await AssembleAsync(ledger, grains, waits, speech, clips.Value!, cues.Value, cancellation);
        return assembled.Failed
            ? assembled.Failure
            : await ComposeAsync(ledger, assembled.Value, cues.Value, sound, cancellation);
    }

    /// <summary>The audio's encode, as soon as its length is known: a core is mostly free then, and it is one thing less to do at the end.</summary>
    private async Task<Outcome<string>> SoundAsync(JobLedger ledger, Task analyzed, CancellationToken cancellation)
    {
        await analyzed.WaitAsync(cancellation);
        var (request, frames) = (ledger.Request, ledger.Plan.Frames);
        using var slot = await slots.TakeAsync(ledger.Order, cancellation);
        for (var failures = 0; ;)
        {
            var made = await soundtrack.EncodeAsync(
                data.Audio(request.JobId), frames, OutputFormat.For(request.Aspect, request.Quality), data.Attempt(request.JobId, ledger.Progress.Epoch), data.Soundtrack(request.JobId, frames), cancellation);
            if (!made.Failed || !made.Failure.Retryable || ++failures >= options.SegmentAttempts)
            {
                return made;
            }
        }
    }

    private async Task<Outcome<JobResult>> ComposeAsync(
        JobLedger ledger, AssembledVideo assembled, ImmutableArray<Cue> cues, Task<Outcome<string>> sound, CancellationToken cancellation)
    {
        await ledger.BeginAsync(JobStage.FinalComposition);
        var track = await sound;
        if (track.Failed)
        {
            return track.Failure;
        }

        var request = ledger.Request;
        var format = OutputFormat.For(request.Aspect, request.Quality);
        var epoch = ledger.Progress.Epoch;
        var attempt = data.Attempt(request.JobId, epoch);
        Outcome<ComposedVideo> video;
        using (await slots.TakeAsync(ledger.Order, cancellation))
        {
            ledger.Watch?.Work(JobStage.FinalComposition, "the video", atWork: true);
            await AtomicFile.WriteTextAsync(data.Subtitles(request.JobId, epoch), SrtDocument.Write(cues, format.FramesPerSecond), cancellation);
            await AtomicFile.WriteTextAsync(data.Credits(request.JobId, epoch), Credits.Write(JobViews.ShortsUsed(ledger.Plan)), cancellation);
            video = await composition.ComposeAsync(
                assembled.Segments, track.Value, format, ledger.Plan.Frames, attempt, data.Video(request.JobId, epoch),
                new Progress(fraction => ledger.Report(JobStage.FinalComposition, fraction)), cancellation);
        }

        if (video.Failed)
        {
            return video.Failure;
        }

        paces.Note(new(ledger.Outlook!.Work.BytesKey, video.Value.Bytes, ledger.Outlook.Work.Megapixels));
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
