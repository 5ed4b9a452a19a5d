using System.Text.Json;
using System.Text.Json.Serialization;

namespace MakeVideo.Grains.Cluster;

/// <summary>How grain state is written: JSON that a person can read in the store, enums by name.</summary>
internal static class StateJson
{
    /// <summary>Applies the format to options that come from the storage provider.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
    }
}

/// <summary>What every persisted state has.</summary>
internal abstract class PersistedState
{
    /// <summary>Raised when the meaning of a field changes; readers accept every earlier one.</summary>
    [Id(0)] public int Version { get; set; } = 1;

    /// <summary>Fields that a newer version wrote; kept through a rewrite.</summary>
    [JsonExtensionData, Id(1)] public Dictionary<string, JsonElement>? Unknown { get; set; }
}
