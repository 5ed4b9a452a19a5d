using System.Text.Json.Nodes;

namespace MakeVideo.Gateway.Events;

/// <summary>What changed between two bodies of a job: fields with their new values; of stages the changed ones by name, of clips and segments the changed ones by index.</summary>
internal static class JobDelta
{
    private const string Stages = "stages";
    private static readonly string[] Lists = ["clips", "segments"];

    /// <summary>The change, or null where only a whole body can tell it: a list has become shorter.</summary>
    public static JsonObject? Between(JsonObject before, JsonObject after)
    {
        var change = new JsonObject();
        foreach (var (name, value) in after)
        {
            var old = before[name];
            if (JsonNode.DeepEquals(old, value))
            {
                continue;
            }

            if (Lists.Contains(name))
            {
                if (Items(old!.AsArray(), value!.AsArray()) is not { } items)
                {
                    return null;
                }

                change[name] = items;
            }
            else
            {
                change[name] = name == Stages ? Named(old!.AsObject(), value!.AsObject()) : value?.DeepClone();
            }
        }

        return change;
    }

    private static JsonObject? Items(JsonArray before, JsonArray after)
    {
        if (after.Count < before.Count)
        {
            return null;
        }

        var changed = new JsonObject();
        for (var index = 0; index < after.Count; index++)
        {
            if (index >= before.Count || !JsonNode.DeepEquals(before[index], after[index]))
            {
                changed[index.ToString(System.Globalization.CultureInfo.InvariantCulture)] = after[index]!.DeepClone();
            }
        }

        return changed;
    }

    private static JsonObject Named(JsonObject before, JsonObject after) =>
        new(after.Where(entry => !JsonNode.DeepEquals(before[entry.Key], entry.Value)).Select(entry => KeyValuePair.Create(entry.Key, entry.Value?.DeepClone())));
}
