using System.Text.Json;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Estimates;
using MakeVideo.Gateway.Problems;
using MakeVideo.Gateway.Uploads;

namespace MakeVideo.Gateway.Jobs;

/// <summary>The fields that a job may have. One that is misspelt is refused: ignored, it would cost its sender a video with the wrong settings.</summary>
internal static class FieldNames
{
    /// <summary>Letters that may be wrong in a name that is still taken for a slip.</summary>
    private const int MostWrong = 4;

    /// <summary>Of <c>POST /make-video</c>: what the API describes is what is taken.</summary>
    public static IReadOnlySet<string> OfForm { get; } = Of(typeof(MakeVideoForm));

    /// <summary>Of <c>POST /estimate</c>: those, and its own.</summary>
    public static IReadOnlySet<string> OfEstimate { get; } = OfForm.Union(Of(typeof(EstimateForm))).ToHashSet(StringComparer.Ordinal);

    /// <summary>What is wrong with a name; null when it is known.</summary>
    public static JobFailure? Refusal(string name, IReadOnlySet<string> known)
    {
        if (known.Contains(name))
        {
            return null;
        }

        var shown = UploadReader.CleanName(name.Length > 40 ? name[..40] + "..." : name);
        var nearest = known.Select(field => (Field: field, Wrong: Distance(name, field))).OrderBy(field => field.Wrong).ThenBy(field => field.Field, StringComparer.Ordinal).First();
        var advice = name.Length <= 64 && nearest.Wrong <= Math.Min(MostWrong, name.Length / 2) ? $"Did you mean {nearest.Field}?" : $"There are: {string.Join(", ", known.Order(StringComparer.Ordinal))}.";
        return new(HttpCodes.UnknownField, null, $"There is no field '{shown}'. {advice}");
    }

    private static HashSet<string> Of(Type form) => [.. form.GetProperties().Select(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name))];

    /// <summary>Letters to insert, to delete or to change (Levenshtein); the part of a longer name costs little: audio is near audio_file.</summary>
    private static int Distance(string one, string other)
    {
        if (one.Length > 64)
        {
            return int.MaxValue;
        }

        if (one.Length >= 4 && other.StartsWith(one, StringComparison.OrdinalIgnoreCase))
        {
            return 1;
        }

        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var changed = diagonal + (char.ToLowerInvariant(one[i - 1]) == other[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[other.Length];
    }
}
