namespace MakeVideo.Contracts;

/// <summary>An expected failure: data, not an exception.</summary>
/// <param name="Code">One of <see cref="FailureCodes"/>; stable, for programs.</param>
/// <param name="Stage">The stage that met it, null before the first.</param>
/// <param name="Message">One line for people: what is wrong, where, and what to do.</param>
/// <param name="Retryable">Whether the same request may succeed later, unchanged.</param>
/// <param name="RetryAt">When an upstream is worth asking again, by the clock of the silo that met the failure; null where nobody knows.</param>
/// <param name="Upstream">The service outside that is to blame: <c>video-downloader</c>; null where none is.</param>
[GenerateSerializer, Immutable, Alias("job-failure")]
public sealed record JobFailure(
    [property: Id(0)] string Code,
    [property: Id(1)] JobStage? Stage,
    [property: Id(2)] string Message,
    [property: Id(3)] bool Retryable = false,
    [property: Id(4)] DateTimeOffset? RetryAt = null,
    [property: Id(5)] string? Upstream = null);

/// <summary>A value, or the reason why there is none.</summary>
/// <typeparam name="T">What a success carries.</typeparam>
[GenerateSerializer, Immutable, Alias("outcome`1")]
public sealed record Outcome<T>
{
    private Outcome(T? value, JobFailure? failure) => (Value, Failure) = (value, failure);

    /// <summary>The result; default when <see cref="Failure"/> is set.</summary>
    [Id(0)] public T? Value { get; private init; }

    /// <summary>Why there is no result; null on success.</summary>
    [Id(1)] public JobFailure? Failure { get; private init; }

    /// <summary>True on failure; afterwards <see cref="Failure"/> is not null.</summary>
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(true, nameof(Failure))]
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(false, nameof(Value))]
    public bool Failed => Failure is not null;

    /// <summary>A success; for interface types, to which the language applies no implicit conversion.</summary>
    public static Outcome<T> Of(T value) => new(value, null);

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(JobFailure failure) => new(default, failure);
}
