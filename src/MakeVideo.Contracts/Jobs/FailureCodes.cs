namespace MakeVideo.Contracts;

/// <summary>The stable codes of <see cref="JobFailure"/>, of clip rejections and of problem details.</summary>
public static class FailureCodes
{
    // Requests
    public const string InvalidRequest = "invalid_request";
    public const string QueryInvalid = "query_invalid";
    public const string AspectUnknown = "aspect_ratio_unknown";
    public const string StyleUnknown = "subtitle_style_unknown";
    public const string QualityUnknown = "quality_unknown";
    public const string OptionUnknown = "option_unknown";
    public const string SourceUnknown = "source_unknown";
    public const string LanguageUnsupported = "language_unsupported";
    public const string ScriptInvalid = "script_invalid";
    public const string OutputNotWritable = "output_not_writable";
    public const string JobNotFound = "job_not_found";
    public const string JobNotCompleted = "job_not_completed";
    public const string JobConflict = "job_conflict";
    public const string IdempotencyKeyReused = "idempotency_key_reused";

    // Audio
    public const string AudioMissing = "audio_missing";
    public const string AudioEmpty = "audio_empty";
    public const string AudioTooLarge = "audio_too_large";
    public const string AudioUnreadable = "audio_unreadable";
    public const string AudioNoStream = "audio_no_audio_stream";
    public const string AudioTooShort = "audio_too_short";
    public const string AudioTooLong = "audio_too_long";
    public const string AudioSilent = "audio_silent";
    public const string AudioNoSpeech = "audio_no_speech";

    // Footage
    public const string LibraryMissing = "library_missing";
    public const string LibraryEmpty = "library_empty";
    public const string NoClipMatches = "no_clip_matches";
    public const string NoUsableClip = "no_usable_clip";
    public const string FootageTooShort = "footage_too_short";

    // One clip
    public const string ClipMissing = "clip_missing";
    public const string ClipEmpty = "clip_empty";
    public const string ClipTooLarge = "clip_too_large";
    public const string ClipUnreadable = "clip_unreadable";
    public const string ClipNoVideo = "clip_no_video";
    public const string ClipTooSmall = "clip_too_small";
    public const string ClipTooShort = "clip_too_short";
    public const string ClipCorrupt = "clip_corrupt";
    public const string ClipFormatRefused = "clip_format_refused";
    public const string ClipHasText = "clip_has_text";
    public const string ClipUnwanted = "clip_unwanted";

    // The services that MakeVideo calls
    /// <summary>Does not answer, or its breaker is open: wait, and ask again at <see cref="JobFailure.RetryAt"/>.</summary>
    public const string UpstreamUnavailable = "upstream_unavailable";

    /// <summary>Asked to be left alone for a while: wait, and ask again at <see cref="JobFailure.RetryAt"/>.</summary>
    public const string UpstreamThrottled = "upstream_throttled";

    /// <summary>Will not serve us until somebody changes a setting: its key, its address, its certificate.</summary>
    public const string UpstreamRefused = "upstream_refused";

    /// <summary>Answered what its contract does not allow.</summary>
    public const string UpstreamAnswerInvalid = "upstream_answer_invalid";

    /// <summary>Took the work, and failed at it or never finished.</summary>
    public const string UpstreamFailed = "upstream_failed";

    // Machine
    public const string DiskFull = "disk_full";
    public const string ToolMissing = "tool_missing";
    public const string ModelMissing = "model_missing";
    public const string StoreUnavailable = "store_unavailable";
    public const string RenderFailed = "render_failed";
    public const string RenderOutOfMemory = "render_out_of_memory";
    public const string RenderStalled = "render_stalled";
    public const string RenderTimedOut = "render_timed_out";
    public const string OutputInvalid = "output_invalid";
    public const string Stopped = "stopped";
    public const string Fenced = "fenced";
    public const string Poison = "poison";

    /// <summary>A stage made no end within its budget, nor within those that it was given after.</summary>
    public const string StageTimeout = "stage_timeout";
    public const string Orphaned = "orphaned";
    public const string StateCorrupt = "state_corrupt";
    public const string Internal = "internal_error";
}
