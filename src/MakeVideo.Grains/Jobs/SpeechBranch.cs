using System.Collections.Immutable;
using MakeVideo.Captions;
using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;

namespace MakeVideo.Grains.Jobs;

/// <summary>analyzing_audio and generating_subtitles: how long the video is, and what it says when.</summary>
internal sealed class SpeechBranch(JobLedger ledger, IGrainFactory grains, BranchWaits waits, WorkOptions options)
{
    private readonly TaskCompletionSource _analyzed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the exact length of the video is known; fails to complete when the branch fails.</summary>
    public Task Analyzed => _analyzed.Task;

    /// <summary>The cues of the whole timeline.</summary>
    public async Task<Outcome<ImmutableArray<Cue>>> RunAsync(CancellationToken cancellation)
    {
        await ledger.BeginAsync(JobStage.AnalyzingAudio);
        var answer = await ListenAsync(cancellation);
        if (answer.Transcript is not { } transcript)
        {
            return answer.Failure!;
        }

        var request = ledger.Request;
        var cues = Cues.Build(transcript, request.Style, OutputFormat.For(request.Aspect, request.Quality), ledger.Plan.Frames);
        await ledger.EndAsync(
            JobStage.GeneratingSubtitles,
            new("language", null, transcript.Language),
            new("engine", null, transcript.Engine),
            new("speech_spans", transcript.Speech.Length, null),
            new("speech_seconds", Math.Round(transcript.Speech.Sum(span => span.End - span.Start), 3), null),
            new("words", transcript.Words.Length, null),
            new("cues", cues.Length, null));
        waits.End(Branch.Speech);
        return cues;
    }

    /// <summary>Key of the grain that knows what is said in a job's audio.</summary>
    public static string KeyOf(JobRequest request) =>
        $"{request.AudioSha256}/{request.Language}/{(request.HasScript ? "script-" + request.ScriptSha256 : "engine")}";

    private async Task<TranscriptAnswer> ListenAsync(CancellationToken cancellation)
    {
        var request = ledger.Request;
        var transcript = grains.GetGrain<ITranscriptGrain>(KeyOf(request));
        var order = new TranscriptOrder(request.JobId, request.AudioSha256, request.Language, request.HasScript, ledger.Order);
        using var call = new ItemCall(ledger, "the transcript", JobStage.AnalyzingAudio, JobStage.GeneratingSubtitles);
        for (var failures = 0; ;)
        {
            TranscriptAnswer? answer;
            try
            {
                answer = await call.PollAsync(() => transcript.EnsureAsync(order), cancellation);
            }
            catch (OperationCanceledException) when (ledger.ForGood)
            {
                await transcript.LeaveAsync(ledger.JobId);
                throw;
            }
            catch (OperationCanceledException) when (call.IsOverdue)
            {
                await ItemCall.StopAsync(transcript.StopAsync);
                throw;
            }

            if (answer is null)
            {
                continue;
            }

            if (answer.Audio is { } audio)
            {
                await AnalyzedAsync(audio);
                await ledger.BeginAsync(JobStage.GeneratingSubtitles);
            }

            ledger.Report(JobStage.GeneratingSubtitles, answer.Fraction);
            if (answer.Transcript is not null)
            {
                return answer;
            }

            if (answer.Failure is { } closed && Parking.IsUpstreams(closed))
            {
                await waits.WaitAsync(Branch.Speech, closed, cancellation);
                continue;
            }

            // Another silo takes it up once; what fails twice is told.
            if (answer.Failure is { Code: not FailureCodes.Stopped } failure && (!failure.Retryable || ++failures > 1))
            {
                return answer;
            }
        }
    }

    private async Task AnalyzedAsync(DecodedAudio audio)
    {
        if (ledger.Plan.Audio is null)
        {
            ledger.Plan.Audio = audio;
            ledger.Plan.Frames = (int)Math.Round((audio.Duration + options.Padding) * OutputFormat.DefaultFramesPerSecond);
            await ledger.SavePlanSoonAsync();
        }

        if (_analyzed.TrySetResult())
        {
            await ledger.EndAsync(
                JobStage.AnalyzingAudio,
                new("audio_duration", Math.Round(audio.Duration, 3), null),
                new("target_frames", ledger.Plan.Frames, null),
                new("codec", null, ledger.Audio.Codec),
                new("sample_rate", ledger.Audio.SampleRate, null),
                new("loudness_lufs", Math.Round(audio.IntegratedLoudness, 1), null),
                new("peak_dbfs", Math.Round(audio.PeakDbfs, 1), null));
        }
    }
}
