using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using MakeVideo.Media.BurnedText;

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

    /// <summary>Why the clip is not to be used; null when it may be.</summary>
    /// <param name="now">By the store's clock.</param>
    /// <param name="veto">As it is set now: text may be allowed or forbidden since.</param>
    public JobFailure? RejectionAt(DateTimeOffset now, BurnedTextOptions veto)
    {
        if (Ruling is ClipRuling.Rejected)
        {
            return Unwanted;
        }

        var standing = ExpiresAt > now ? Rejection : null;
        if (standing is { Code: not FailureCodes.ClipHasText })
        {
            return standing;
        }

        return Ruling is ClipRuling.Accepted ? null
            : Text is { } text && (Clip ?? (object?)standing) is not null ? veto.Rejects(text) ? ClipFetch.HasText(text) : null
            : standing;
    }

    private static readonly JobFailure Unwanted = new(FailureCodes.ClipUnwanted, JobStage.DownloadingShorts, "The clip is left out: an operator rejected it.");
}
