namespace MakeVideo.Captions;

/// <summary>How words become cues. Times in seconds. The defaults marked "replaced service" are its documented behaviour.</summary>
internal sealed record CueOptions
{
    public static CueOptions Default { get; } = new();

    /// <summary>Words in a cue at most: two are read at a glance while the picture is watched (replaced service).</summary>
    public int MaxWords { get; init; } = 2;

    /// <summary>In scripts without spaces so many characters count as one word: about as much to read.</summary>
    public int CharactersPerUnspacedWord { get; init; } = 4;

    /// <summary>A shorter cue is a flicker; it is held so long where the next cue allows (replaced service).</summary>
    public double MinDuration { get; init; } = 0.120;

    /// <summary>A cue may begin so long before detected speech: a detector triggers after the onset (replaced service).</summary>
    public double PadBefore { get; init; } = 0.060;

    /// <summary>A cue may last so long after detected speech: voices decay (replaced service).</summary>
    public double PadAfter { get; init; } = 0.120;

    /// <summary>Words further apart than this are never in one cue: the second would be read before it is said.</summary>
    public double MaxGap { get; init; } = 0.300;

    /// <summary>A cue is held over a gap up to this to the next one: blinking in every breath tires the eye.</summary>
    public double Bridge { get; init; } = 0.200;
}
