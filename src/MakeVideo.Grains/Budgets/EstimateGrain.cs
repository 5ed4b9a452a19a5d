using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using MakeVideo.Grains.Jobs;
using MakeVideo.Media.Probing;
using Orleans.Concurrency;

namespace MakeVideo.Grains.Budgets;

/// <summary>Answers from this silo's copy of what the cluster knows.</summary>
[StatelessWorker, GrainType("estimate")]
internal sealed class EstimateGrain(Admission admission, Workloads workloads, PaceBook book, SiloBoard board, StoreClock clock) : Grain, IEstimateGrain
{
    public async Task<Outcome<Estimate>> EstimateAsync(JobRequest request, double? audioSeconds)
    {
        var audio = audioSeconds is { } told ? await AdmitAsync(request, told) : await MeasureAsync(request);
        if (audio.Failed)
        {
            return audio.Failure;
        }

        var (seconds, paces, slots) = (audio.Value, await book.ReadAsync(), board.AllSlots);
        var work = workloads.Of(request, seconds);
        var forecast = Forecast.Of(work, paces, slots);
        var ahead = await GrainFactory.GetGrain<IJobQueueGrain>(0).LookAsync(new("", request.Owner, request.Priority, clock.Now.ToUnixTimeMilliseconds(), seconds));
        var queue = ahead.SecondsAhead / slots;
        return new Estimate
        {
            AudioSeconds = seconds,
            VideoSeconds = (double)work.Frames / OutputFormat.DefaultFramesPerSecond,
            Seconds = queue + forecast.Wall,
            QueueSeconds = queue,
            Bytes = paces.BytesFor(work),
            QueuePosition = ahead.Position,
            Learned = forecast.Learned,
            Stages = [.. forecast.Stages.Select(stage => new StageEstimate(stage.Stage, stage.Wall, StageBudget.For(stage.Stage, work, paces, overruns: 0).TotalSeconds))],
        };
    }

    private async Task<Outcome<double>> AdmitAsync(JobRequest request, double seconds) =>
        (MediaProbe.LengthRefusal(seconds) ?? await admission.RefusalAsync(request, CancellationToken.None)) is { } refusal ? refusal : seconds;

    private async Task<Outcome<double>> MeasureAsync(JobRequest request)
    {
        try
        {
            var facts = await admission.CheckAsync(request, CancellationToken.None);
            return facts.Failed ? facts.Failure : facts.Value.Duration;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Failures.Of(failure, null);
        }
    }
}
