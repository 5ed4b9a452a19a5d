using System.Collections.Immutable;
using MakeVideo.Contracts;

namespace MakeVideo.Captions;

/// <summary>Frames in which captions may be shown: [Start, End), padded speech.</summary>
internal readonly record struct SpeechWindow(int Start, int End);

/// <summary>Where captions may be shown, and which stretch of it each word belongs to.</summary>
internal static class SpeechWindows
{
    // Seconds times frames a second are rarely whole where they should be (0.06 x 30).
    private const double Rounding = 1e-6;

    /// <summary>
    /// The padded speech in whole frames, clipped to the video; in order, at least a frame apart, none empty. A transcript without spans is taken
    /// at its word: where it has words, somebody speaks.
    /// </summary>
    public static ImmutableArray<SpeechWindow> Build(Transcript transcript, CueOptions options, int framesPerSecond, int frames)
    {
        var spans = transcript.Speech.IsEmpty
            ? [.. transcript.Words.Select(word => new SpeechSpan(word.Start, word.End))]
            : transcript.Speech;
        var windows = new List<SpeechWindow>();
        foreach (var span in spans.OrderBy(span => span.Start))
        {
            var start = (int)Math.Clamp(Math.Ceiling(((span.Start - options.PadBefore) * framesPerSecond) - Rounding), 0, frames);
            var end = (int)Math.Clamp(Math.Floor(((span.End + options.PadAfter) * framesPerSecond) + Rounding), 0, frames);
            if (end <= start)
            {
                continue;
            }

            if (windows.Count > 0 && start <= windows[^1].End)
            {
                windows[^1] = windows[^1] with { End = Math.Max(windows[^1].End, end) };
            }
            else
            {
                windows.Add(new SpeechWindow(start, end));
            }
        }

        return [.. windows];
    }

    /// <summary>
    /// The words of each window, in order: each goes where most of it is said, one that an engine put into a silence to the nearest speech.
    /// A later word is never in an earlier window.
    /// </summary>
    public static List<Word>[] Assign(IEnumerable<Word> words, ImmutableArray<SpeechWindow> windows, int framesPerSecond)
    {
        var assigned = windows.Select(_ => new List<Word>()).ToArray();
        var earliest = 0;
        foreach (var word in words)
        {
            var (best, closeness) = (earliest, double.NegativeInfinity);
            for (var index = earliest; index < windows.Length; index++)
            {
                // Positive: seconds shared; negative: seconds of silence between them.
                var window = windows[index];
                var shared = (Math.Min(word.End * framesPerSecond, window.End) - Math.Max(word.Start * framesPerSecond, window.Start)) / framesPerSecond;
                if (shared > closeness)
                {
                    (best, closeness) = (index, shared);
                }

                if (window.Start > word.End * framesPerSecond)
                {
                    break;
                }
            }

            assigned[best].Add(word);
            earliest = best;
        }

        return assigned;
    }
}
