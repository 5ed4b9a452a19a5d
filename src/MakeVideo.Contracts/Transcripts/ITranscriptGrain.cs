namespace MakeVideo.Contracts;

/// <summary>Work to transcribe one audio.</summary>
/// <param name="JobId">Whose upload holds the bytes.</param>
/// <param name="AudioSha256">Lower-case hex.</param>
/// <param name="Language"><c>auto</c> or ISO 639-1.</param>
/// <param name="HasScript">The user gave the words.</param>
/// <param name="Order">Job order: lower goes first for the silo's slots.</param>
[GenerateSerializer, Immutable, Alias("transcript-order")]
public sealed record TranscriptOrder(
    [property: Id(0)] string JobId,
    [property: Id(1)] string AudioSha256,
    [property: Id(2)] string Language,
    [property: Id(3)] bool HasScript,
    [property: Id(4)] long Order);

/// <summary>Answer of <see cref="ITranscriptGrain.EnsureAsync"/>; neither value nor failure set: ask again.</summary>
[GenerateSerializer, Immutable, Alias("transcript-answer")]
public sealed record TranscriptAnswer(
    [property: Id(0)] double Fraction,
    [property: Id(1)] Transcript? Transcript = null,
    [property: Id(2)] DecodedAudio? Audio = null,
    [property: Id(3)] JobFailure? Failure = null,
    [property: Id(4)] string? Silo = null,
    [property: Id(5)] bool InLine = false) : IItemAnswer
{
    /// <inheritdoc/>
    public bool AtWork => Transcript is null && Failure is null && !InLine;
}

/// <summary>One transcription, however often the same audio comes. Key: <c>audio sha256/language/engine</c> (script: its own sha256 as engine).</summary>
[Alias("transcript-grain")]
public interface ITranscriptGrain : IGrainWithStringKey
{
    /// <summary>Joins or starts the transcription; answers within 20 s, sooner when it is done. Safe to repeat.</summary>
    [Alias("ensure")]
    Task<TranscriptAnswer> EnsureAsync(TranscriptOrder order);

    /// <summary>What was heard, if it was; starts nothing.</summary>
    [Alias("known")]
    Task<Transcript?> KnownAsync();

    /// <summary>The job wants the transcript no more; when no other does, the work on it has ended when this returns.</summary>
    [Alias("leave")]
    Task LeaveAsync(string jobId);

    /// <summary>Ends work that hangs, for every job that waits for it: whoever asks next starts anew.</summary>
    [Alias("stop")]
    Task StopAsync();
}
