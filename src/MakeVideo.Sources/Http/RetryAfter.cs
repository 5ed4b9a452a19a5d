using System.Globalization;

namespace MakeVideo.Sources.Http;

internal static class RetryAfter
{
    /// <summary>What an answer asks for: seconds or a date, at most <paramref name="longest"/>; null where it asks for nothing, or for a time that has passed.</summary>
    public static TimeSpan? Of(HttpResponseMessage response, DateTimeOffset now, TimeSpan longest)
    {
        // Read raw: the typed header drops numbers that do not fit an int, which mean the longest pause all the same.
        if (!response.Headers.NonValidated.TryGetValues("Retry-After", out var values) || values.FirstOrDefault()?.Trim() is not { Length: > 0 } text)
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
        {
            return seconds > 0 ? TimeSpan.FromSeconds(Math.Min(seconds, longest.TotalSeconds)) : null;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) && date > now
            ? date - now < longest ? date - now : longest
            : null;
    }
}
