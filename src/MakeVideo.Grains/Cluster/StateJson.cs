using System.Text.Json;
using System.Text.Json.Serialization;

namespace MakeVideo.Grains.Cluster;

/// <summary>How grain state is written: JSON that a person can read in the store, enums by name.</summary>
internal static class StateJson
{
    /// <summary>Applies the format.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        return options;
    }
}

/// <summary>What keeps fields of a newer version through a rewrite by an older one.</summary>
internal abstract class Extensible
{
    /// <summary>Fields that this version does not know.</summary>
    [JsonExtensionData] public Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>What every persisted state has.</summary>
internal abstract class PersistedState : Extensible
{
    /// <summary>Raised when the meaning of a field changes; readers accept every earlier one.</summary>
    public int Version { get; set; } = CurrentVersion;

    /// <summary>What this build writes.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Why the stored bytes cannot be read; null when they can. While it is set nothing may be written over them.</summary>
    [JsonIgnore] public string? Corruption { get; set; }
}
