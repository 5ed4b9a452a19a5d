namespace MakeVideo.Transcription;

/// <summary>A greedy decoder that lost its way says the same thing for ever: noise and music do that to it.</summary>
internal static class RepetitionGuard
{
    // Nobody says the same four words five times in one span; "no, no, no, no" is speech.
    private const int MaxPhrase = 12;
    private const int Repeats = 5;
    private const int SingleRepeats = 8;

    /// <summary>How many tokens at the end only repeat what stands before them; 0 while it is no loop.</summary>
    public static int Surplus(IReadOnlyList<int> tokens)
    {
        for (var length = 1; length <= MaxPhrase; length++)
        {
            var repeats = length == 1 ? SingleRepeats : Repeats;
            if (tokens.Count < length * repeats)
            {
                break;
            }

            var same = true;
            for (var i = tokens.Count - 1; same && i >= tokens.Count - (length * (repeats - 1)); i--)
            {
                same = tokens[i] == tokens[i - length];
            }

            if (same)
            {
                return length * (repeats - 1);
            }
        }

        return 0;
    }
}
