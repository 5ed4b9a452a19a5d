using System.Text.Json;
using Orleans.Storage;

namespace MakeVideo.Grains.Cluster;

/// <summary>Grain state as JSON. Bytes that are no state of ours are told by <see cref="PersistedState.Corruption"/>, so that their grain can say so instead of not starting.</summary>
internal sealed class StateSerializer : IGrainStorageSerializer
{
    private static readonly JsonSerializerOptions Json = StateJson.Configure(new());

    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input, Json));

    public T Deserialize<T>(BinaryData input)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(input, Json) ?? throw new JsonException("The state is null.");
        }
        catch (JsonException failure) when (typeof(T).IsAssignableTo(typeof(PersistedState)))
        {
            var state = Activator.CreateInstance<T>();
            ((PersistedState)(object)state!).Corruption = failure.Message.ReplaceLineEndings(" ");
            return state;
        }
    }
}
