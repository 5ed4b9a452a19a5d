using System.Text.Json.Nodes;

namespace MakeVideo.FakeUpstreams.Services;

/// <summary>What no search should offer.</summary>
internal static class BadItems
{
    public static IReadOnlyList<string> EvilIds { get; } = ["../../etc/passwd", "a\"b", "a\nb", new string('x', 4096), "", "a/b", "%2e%2e", "ünïcode"];

    public static JsonNode?[] OfYoutube(Material material) =>
    [
        .. EvilIds.Select(id => new JsonObject { ["video_id"] = id, ["title"] = id, ["duration_seconds"] = 6 }),
        new JsonObject { ["video_id"] = "nan", ["duration_seconds"] = "NaN" },
        new JsonObject { ["video_id"] = "negative", ["duration_seconds"] = -3 },
        new JsonObject { ["video_id"] = "null", ["duration_seconds"] = null },
        new JsonObject { ["video_id"] = 42, ["duration_seconds"] = 6 },
        new JsonObject { ["title"] = "no id" },
        "no object", null, new JsonArray(),
        material.Clips.Count == 0 ? null : new JsonObject { ["video_id"] = material.Clips[0].Id, ["title"] = "first of two", ["duration_seconds"] = 6 },
    ];

    public static JsonNode?[] OfHosts(Func<string, JsonNode> withId) =>
        [.. EvilIds.Select(withId), new JsonObject { ["id"] = 5, ["duration"] = -1 }, "no object", null];
}
