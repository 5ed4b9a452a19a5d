using System.ComponentModel;
using MakeVideo.Contracts;

namespace MakeVideo.Gateway.Estimates;

/// <summary>What a time that is told rests on.</summary>
internal enum SpeedBasis
{
    /// <summary>Speeds that this cluster measured.</summary>
    Learned,

    /// <summary>Some are those that it came with: nothing like it was done here yet.</summary>
    BuiltIn,
}

/// <summary>Answer to <c>POST /estimate</c>.</summary>
/// <param name="AudioDuration">Seconds.</param>
/// <param name="TargetVideoDuration">Seconds.</param>
/// <param name="Seconds">From submission to the finished video.</param>
/// <param name="QueueSeconds">Of those, before the work begins in earnest.</param>
/// <param name="QueuePosition">0: it would start at once; 1: next in line.</param>
/// <param name="Bytes">Of the video.</param>
/// <param name="Basis">How far to trust it.</param>
/// <param name="Stages">By the stage's name; speech and footage run beside each other.</param>
internal sealed record EstimateBody(
    double AudioDuration, double TargetVideoDuration, double Seconds, double QueueSeconds, int QueuePosition, long Bytes, SpeedBasis Basis, IReadOnlyDictionary<string, StageEstimateBody> Stages)
{
    public static EstimateBody Of(Estimate estimate) => new(
        Rounded(estimate.AudioSeconds), Rounded(estimate.VideoSeconds), Rounded(estimate.Seconds), Rounded(estimate.QueueSeconds), estimate.QueuePosition, estimate.Bytes,
        BasisOf(estimate.Learned), estimate.Stages.ToDictionary(stage => ApiNames.Of(stage.Stage), stage => new StageEstimateBody(Rounded(stage.Seconds), Rounded(stage.Budget))));

    public static SpeedBasis BasisOf(bool learned) => learned ? SpeedBasis.Learned : SpeedBasis.BuiltIn;

    private static double Rounded(double value) => double.IsFinite(value) ? Math.Round(value, 3) : 0;
}

/// <summary>One stage.</summary>
/// <param name="Seconds">Expected.</param>
/// <param name="Budget">Seconds of work after which it would be stopped and tried again.</param>
internal sealed record StageEstimateBody(double Seconds, double Budget);

/// <summary>The fields of <c>POST /estimate</c> beside those of <c>POST /make-video</c>, as the API describes them.</summary>
internal sealed class EstimateForm
{
    [Description("Length of the audio in seconds, instead of the audio itself: 5 to 3600")]
    public double? AudioSeconds { get; init; }

    [Description("A job whose audio it is about, instead of the audio itself")]
    public string? JobId { get; init; }

    [Description("As for POST /make-video; multipart only")]
    public Microsoft.AspNetCore.Http.IFormFile? AudioFile { get; init; }

    [Description("As for POST /make-video")]
    public Quality? Quality { get; init; }

    [Description("As for POST /make-video")]
    public AspectRatio? AspectRatio { get; init; }

    [Description("As for POST /make-video, and so all its other fields; query may be left out")]
    public int? MaxShorts { get; init; }
}
