using System.Collections.Immutable;

namespace MakeVideo.Contracts;

/// <summary>One spoken word.</summary>
/// <param name="Text">As written, with its punctuation, without white space around it.</param>
/// <param name="Start">Seconds from the start of the audio.</param>
/// <param name="End">Seconds, after <paramref name="Start"/>.</param>
[GenerateSerializer, Immutable, Alias("word")]
public sealed record Word([property: Id(0)] string Text, [property: Id(1)] double Start, [property: Id(2)] double End);

/// <summary>A stretch of audio in which somebody speaks.</summary>
/// <param name="Start">Seconds from the start of the audio.</param>
/// <param name="End">Seconds.</param>
[GenerateSerializer, Immutable, Alias("speech-span")]
public sealed record SpeechSpan([property: Id(0)] double Start, [property: Id(1)] double End);

/// <summary>What was said, and when.</summary>
/// <param name="Language">ISO 639-1, of what was heard.</param>
/// <param name="Engine">Which transcriber made it: <c>moonshine-tiny-en</c>, <c>script</c>.</param>
/// <param name="Words">In order of time, not overlapping.</param>
/// <param name="Speech">The spans that were heard as speech, in order, not overlapping.</param>
[GenerateSerializer, Immutable, Alias("transcript")]
public sealed record Transcript(
    [property: Id(0)] string Language,
    [property: Id(1)] string Engine,
    [property: Id(2)] ImmutableArray<Word> Words,
    [property: Id(3)] ImmutableArray<SpeechSpan> Speech);
