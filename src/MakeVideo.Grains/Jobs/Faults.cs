using MakeVideo.Contracts;

namespace MakeVideo.Grains.Jobs;

/// <summary>Whose fault a failure is: what the user sent, a service outside, or ours. Only ours count against what an operator promises.</summary>
internal static class Faults
{
    public const string User = "user";
    public const string Upstream = "upstream";
    public const string System = "system";

    /// <summary>One of the three. A code that nobody has sorted is ours.</summary>
    public static string Of(JobFailure failure) => failure.Upstream is not null ? Upstream : failure.Code switch
    {
        FailureCodes.UpstreamUnavailable or FailureCodes.UpstreamThrottled or FailureCodes.UpstreamRefused or FailureCodes.UpstreamAnswerInvalid or FailureCodes.UpstreamFailed => Upstream,
        FailureCodes.InvalidRequest or FailureCodes.QueryInvalid or FailureCodes.AspectUnknown or FailureCodes.StyleUnknown or FailureCodes.QualityUnknown
            or FailureCodes.OptionUnknown or FailureCodes.SourceUnknown or FailureCodes.LanguageUnsupported or FailureCodes.ScriptInvalid or FailureCodes.OutputNotWritable
            or FailureCodes.AudioMissing or FailureCodes.AudioEmpty or FailureCodes.AudioTooLarge or FailureCodes.AudioUnreadable or FailureCodes.AudioNoStream
            or FailureCodes.AudioTooShort or FailureCodes.AudioTooLong or FailureCodes.AudioSilent or FailureCodes.AudioNoSpeech
            or FailureCodes.NoClipMatches or FailureCodes.NoUsableClip or FailureCodes.FootageTooShort => User,
        _ => System,
    };
}
