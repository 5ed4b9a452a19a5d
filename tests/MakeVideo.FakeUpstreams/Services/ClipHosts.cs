using System.Globalization;
using System.Text.Json.Nodes;
using MakeVideo.FakeUpstreams.Faults;

namespace MakeVideo.FakeUpstreams.Services;

/// <summary>Pexels and Pixabay.</summary>
internal static class ClipHosts
{
    public static void MapPexels(this IEndpointRouteBuilder app, Material material, FaultBook faults)
    {
        app.MapGet("/pexels/videos/search", context =>
        {
            if (context.Request.Headers.Authorization != material.Key)
            {
                return JobBook.StatusAsync(context, 401);
            }

            var (root, size, page) = Page(context, 15);
            var bad = faults.Takes("pexels", "/videos/search", FaultKinds.BadItems);
            var shown = material.Clips.Skip((page - 1) * size).Take(size).Select(clip => Pexels(root, clip.Number, clip)).ToArray<JsonNode>();
            var body = new JsonObject { ["page"] = page, ["per_page"] = size, ["total_results"] = material.Clips.Count, ["videos"] = new JsonArray([.. bad ? BadItems.OfHosts(id => Pexels(root, id, material.Clips[0])) : [], .. shown]) };
            if (page * size < material.Clips.Count)
            {
                body["next_page"] = $"{root}/pexels/videos/search/?page={page + 1}";
            }

            return JobBook.JsonAsync(context, body);
        });
        app.MapGet("/pexels/files/{id}.mp4", (HttpContext context, string id) => FileAsync(context, material, id));
    }

    public static void MapPixabay(this IEndpointRouteBuilder app, Material material, FaultBook faults)
    {
        app.MapGet("/pixabay/api/videos/", context =>
        {
            if (context.Request.Query["key"] != material.Key)
            {
                return JobBook.StatusAsync(context, 400);
            }

            var (root, size, page) = Page(context, 20);
            var bad = faults.Takes("pixabay", "/api/videos/", FaultKinds.BadItems);
            var shown = material.Clips.Skip((page - 1) * size).Take(size).Select(clip => Pixabay(root, clip.Number, clip)).ToArray<JsonNode>();
            return JobBook.JsonAsync(context, new JsonObject { ["total"] = material.Clips.Count, ["totalHits"] = material.Clips.Count, ["hits"] = new JsonArray([.. bad ? BadItems.OfHosts(id => Pixabay(root, id, material.Clips[0])) : [], .. shown]) });
        });
        app.MapGet("/pixabay/files/{id}.mp4", (HttpContext context, string id) => FileAsync(context, material, id));
    }

    private static JsonObject Pexels(string root, JsonNode id, OfferedClip clip) => new()
    {
        ["id"] = id, ["width"] = 1080, ["height"] = 1920, ["duration"] = 6, ["url"] = $"https://www.pexels.com/video/{clip.Title.Replace(' ', '-')}-{clip.Number}/",
        ["user"] = new JsonObject { ["id"] = 1, ["name"] = "A Fake Author", ["url"] = "https://www.pexels.com/@fake" },
        ["video_files"] = new JsonArray(
            new JsonObject { ["id"] = 1, ["quality"] = "sd", ["file_type"] = "video/mp4", ["width"] = 360, ["height"] = 640, ["link"] = $"{root}/pexels/files/small-{clip.Number}.mp4" },
            new JsonObject { ["id"] = 2, ["quality"] = "uhd", ["file_type"] = "video/mp4", ["width"] = 2160, ["height"] = 3840, ["link"] = $"{root}/pexels/files/large-{clip.Number}.mp4" },
            new JsonObject { ["id"] = 3, ["quality"] = "hd", ["file_type"] = "video/mp4", ["width"] = 1080, ["height"] = 1920, ["link"] = $"{root}/pexels/files/{clip.Number}.mp4" }),
    };

    private static JsonObject Pixabay(string root, JsonNode id, OfferedClip clip) => new()
    {
        ["id"] = id, ["pageURL"] = $"https://pixabay.com/videos/id-{clip.Number}/", ["tags"] = clip.Title, ["duration"] = 6, ["user"] = "A Fake User",
        ["videos"] = new JsonObject
        {
            ["large"] = new JsonObject { ["url"] = "", ["width"] = 0, ["height"] = 0, ["size"] = 0 },
            ["medium"] = new JsonObject { ["url"] = $"{root}/pixabay/files/{clip.Number}.mp4", ["width"] = 1280, ["height"] = 720, ["size"] = 1 },
            ["tiny"] = new JsonObject { ["url"] = $"{root}/pixabay/files/small-{clip.Number}.mp4", ["width"] = 640, ["height"] = 360, ["size"] = 1 },
        },
    };

    private static Task FileAsync(HttpContext context, Material material, string id) =>
        material.Find(id) is { } clip ? ClipFile.SendAsync(context, clip) : JobBook.StatusAsync(context, 404);

    private static (string Root, int Size, int Page) Page(HttpContext context, int size) =>
        ($"{context.Request.Scheme}://{context.Request.Host}", Number(context, "per_page") ?? size, Number(context, "page") ?? 1);

    private static int? Number(HttpContext context, string name) => int.TryParse(context.Request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
