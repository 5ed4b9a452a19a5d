using System.Globalization;

namespace MakeVideo.Grains.Cluster;

/// <summary>The clock of a host whose clock is wrong, for tests: <c>MAKEVIDEO_CLOCK_AHEAD=-01:00:00</c>. Only the time of day is shifted; timers run as they do.</summary>
internal sealed class ShiftedClock(TimeSpan ahead) : TimeProvider
{
    /// <summary>How far ahead, as a <see cref="TimeSpan"/>.</summary>
    public const string Variable = "MAKEVIDEO_CLOCK_AHEAD";

    /// <summary>The clock that this process was told to have; null for the right one.</summary>
    public static TimeProvider? OfThisProcess => Parse(Environment.GetEnvironmentVariable(Variable)) is { } ahead ? new ShiftedClock(ahead) : null;

    /// <summary>Why a process with these variables must not start; null when it may.</summary>
    public static string? Problem(string? ahead, string? testing) => ahead switch
    {
        null or "" => null,
        _ when testing != "1" => $"{Variable} makes a process's clock wrong and is for tests alone. Unset it.",
        _ when Parse(ahead) is null => $"{Variable} is hours, minutes and seconds: -01:00:00.",
        _ => null,
    };

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;

    private static TimeSpan? Parse(string? text) => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var ahead) ? ahead : null;
}
