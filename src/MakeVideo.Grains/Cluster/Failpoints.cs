using System.Diagnostics;
using System.Globalization;

namespace MakeVideo.Grains.Cluster;

/// <summary>
/// Places between an effect and its record where a test can have the process die as by kill -9: <c>MAKEVIDEO_FAILPOINT=point:n</c> ends it
/// the n-th time that it comes by, <c>point:n:text</c> counts only what is about that text. Without the variable a point costs nothing.
/// </summary>
internal static class Failpoints
{
    /// <summary>The epoch is about to be raised.</summary>
    public const string TakeUp = "take-up";

    /// <summary>The epoch is raised.</summary>
    public const string TakenUp = "taken-up";

    /// <summary>A segment lies under its name, and nobody was told.</summary>
    public const string SegmentPublished = "segment-published";

    /// <summary>The video lies under its name, and the record does not say so. About the job's query.</summary>
    public const string VideoPublished = "video-published";

    /// <summary>The record says completed, and the reminder stands.</summary>
    public const string FinalWritten = "final-written";

    /// <summary>The jobs are handed over, and nobody was woken.</summary>
    public const string Drained = "drained";

    /// <summary>Names the point; see the type.</summary>
    public const string Variable = "MAKEVIDEO_FAILPOINT";

    /// <summary>Without <c>1</c> in it a process with a failpoint does not start.</summary>
    public const string TestingVariable = "MAKEVIDEO_TESTING";

    private static readonly string[] Points = [TakeUp, TakenUp, SegmentPublished, VideoPublished, FinalWritten, Drained];
    private static readonly (string Point, int Times, string? About)? Wanted = Parse(Environment.GetEnvironmentVariable(Variable));
    private static int _passed;

    /// <summary>Why a process with these variables must not start; null when it may.</summary>
    public static string? Problem(string? failpoint, string? testing) => failpoint switch
    {
        null or "" => null,
        _ when testing != "1" => $"{Variable} makes a process end itself and is for tests alone. Unset it.",
        _ when Parse(failpoint) is null => $"{Variable} is POINT:TIMES or POINT:TIMES:TEXT, and a point is one of {string.Join(", ", Points)}.",
        _ => null,
    };

    /// <summary>Ends the process here, if it was told to.</summary>
    /// <param name="point">One of the points.</param>
    /// <param name="about">What passes by.</param>
    public static void Reached(string point, string? about = null)
    {
        if (Wanted is { } wanted && wanted.Point == point && (wanted.About is null || wanted.About == about) && Interlocked.Increment(ref _passed) == wanted.Times)
        {
            // As kill -9 from outside: no handler runs, nothing is flushed.
            Process.GetCurrentProcess().Kill();
            Thread.Sleep(Timeout.Infinite);
        }
    }

    private static (string Point, int Times, string? About)? Parse(string? text) =>
        text?.Split(':', 3) is [var point, var times, .. var about] && Points.Contains(point) && int.TryParse(times, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? (point, count, about.Length > 0 ? about[0] : null)
            : null;
}
