using System.Text.Json.Nodes;

namespace MakeVideo.FakeUpstreams.Services;

/// <summary>An OpenAI-compatible speech service.</summary>
internal static class OpenAiService
{
    public static void MapOpenAi(this IEndpointRouteBuilder app, Material material) => app.MapPost("/openai/v1/audio/transcriptions", async context =>
    {
        if (context.Request.Headers.Authorization != $"Bearer {material.Key}")
        {
            await JobBook.StatusAsync(context, 401);
            return;
        }

        var form = await context.Request.ReadFormAsync();
        if (form["response_format"] != "verbose_json" || form["model"].ToString().Length == 0)
        {
            await JobBook.StatusAsync(context, 400);
            return;
        }

        var heard = material.Transcript(Material.SecondsOf(form.Files["file"]!.Length));
        var body = new JsonObject
        {
            ["task"] = "transcribe", ["language"] = "english", ["duration"] = heard["duration"]?.DeepClone(), ["text"] = heard["full_text"]?.DeepClone(),
            ["segments"] = new JsonArray([.. heard["segments"]!.AsArray().Select(segment => Without(segment!, "words"))]),
        };
        if (form["timestamp_granularities[]"].Contains("word"))
        {
            body["words"] = new JsonArray([.. heard["segments"]!.AsArray().SelectMany(segment => segment!["words"]?.AsArray() ?? []).Select(word => word!.DeepClone())]);
        }

        await JobBook.JsonAsync(context, body);
    });

    private static JsonNode Without(JsonNode segment, string name)
    {
        var copy = segment.DeepClone().AsObject();
        copy.Remove(name);
        return copy;
    }
}
