using System.Text.Json;
using System.Text.Json.Serialization;

namespace MakeVideo.Contracts;

/// <summary>The names that clients write for enum values: <c>9:16</c>, <c>center</c>, <c>analyzing_audio</c>.</summary>
public static class ApiNames
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) } };

    /// <summary>A value's name.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => JsonSerializer.SerializeToElement(value, Json).GetString()!;

    /// <summary>Every name, in order of the values.</summary>
    public static IReadOnlyList<string> All<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(Of)];

    /// <summary>The value that has exactly this name; null when none has.</summary>
    public static T? Parse<T>(string? name)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (string.Equals(Of(value), name, StringComparison.Ordinal))
            {
                return value;
            }
        }

        return null;
    }
}
