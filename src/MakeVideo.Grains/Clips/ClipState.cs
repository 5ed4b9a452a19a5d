using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;

namespace MakeVideo.Grains.Clips;

/// <summary>What is known of one clip, and until when.</summary>
internal sealed class ClipState : PersistedState
{
    public ReadyClip? Clip { get; set; }

    public JobFailure? Rejection { get; set; }

    /// <summary>A rejection is looked at again after this.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>Where the clip came from, for one that has no file.</summary>
    public ClipCandidate? Candidate { get; set; }

    /// <summary>What the search for burned-in text found.</summary>
    public TextFinding? Text { get; set; }

    /// <summary>An operator's decision.</summary>
    public ClipRuling? Ruling { get; set; }

    /// <summary>Why the clip is not to be used at that time; null when it may be.</summary>
    public JobFailure? RejectionAt(DateTimeOffset now) =>
        Ruling is ClipRuling.Rejected ? Unwanted
        : Rejection is { } rejection && ExpiresAt > now && !(Ruling is ClipRuling.Accepted && rejection.Code == FailureCodes.ClipHasText) ? rejection
        : null;

    private static readonly JobFailure Unwanted = new(FailureCodes.ClipUnwanted, JobStage.DownloadingShorts, "The clip is left out: an operator rejected it.");
}
