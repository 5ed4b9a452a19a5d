using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MakeVideo.FakeUpstreams.Faults;

namespace MakeVideo.FakeUpstreams.Services;

/// <summary>The reference's three job services.</summary>
internal static class JobServices
{
    public static void MapYoutubeSearch(this IEndpointRouteBuilder app, Material material, FaultBook faults)
    {
        var jobs = new JobBook("youtube-search", material, faults);
        app.MapPost("/youtube-search/search/shorts", context =>
        {
            var most = int.Parse(context.Request.Query["max_results"].ToString(), System.Globalization.CultureInfo.InvariantCulture);
            var bad = faults.Takes("youtube-search", "/search/shorts", FaultKinds.BadItems);
            return JobBook.JsonAsync(context, jobs.Submit(Guid.NewGuid().ToString("N"), () => new()
            {
                ["result"] = new JsonObject { ["results"] = new JsonArray([.. (bad ? BadItems.OfYoutube(material) : []), .. material.Clips.Take(most).Select(Short)]) },
            }));
        });
        app.MapGet("/youtube-search/jobs/{id}", (HttpContext context, string id) => jobs.AnswerAsync(context, id));
        app.MapGet("/youtube-search/jobs/{id}/wait", (HttpContext context, string id) => jobs.AnswerAsync(context, id));
    }

    public static void MapVideoDownloader(this IEndpointRouteBuilder app, Material material, FaultBook faults)
    {
        var jobs = new JobBook("video-downloader", material, faults);
        app.MapPost("/video-downloader/jobs", async context =>
        {
            var url = (string?)(await JsonNode.ParseAsync(context.Request.Body))?["url"] ?? "";
            var video = url.Split("watch?v=")[^1];
            await (material.Find(video) is null ? JobBook.StatusAsync(context, 404) : JobBook.JsonAsync(context, jobs.Submit($"job-{video}", () => [])));
        });
        app.MapGet("/video-downloader/jobs/{id}", (HttpContext context, string id) => jobs.AnswerAsync(context, id));
        app.MapGet("/video-downloader/jobs/{id}/download", (HttpContext context, string id) =>
            (string?)jobs.Look(id)?["status"] == "completed" && material.Find(id["job-".Length..]) is { } clip ? ClipFile.SendAsync(context, clip) : JobBook.StatusAsync(context, 404));
    }

    public static void MapAudioTranscriber(this IEndpointRouteBuilder app, Material material, FaultBook faults)
    {
        var jobs = new JobBook("audio-transcriber", material, faults);
        var heard = new System.Collections.Concurrent.ConcurrentDictionary<string, JsonObject>();
        app.MapPost("/audio-transcriber/jobs", async context =>
        {
            var form = await context.Request.ReadFormAsync();
            await using var audio = form.Files["file"]!.OpenReadStream();
            var id = Convert.ToHexStringLower(await SHA256.HashDataAsync(audio))[..20];
            heard[id] = material.Transcript(Material.SecondsOf(form.Files["file"]!.Length));
            if (form["language_in"].ToString() is { Length: 2 } language)
            {
                heard[id]["language_detected"] = language;
            }

            await JobBook.JsonAsync(context, jobs.Submit(id, () => []));
        });
        app.MapGet("/audio-transcriber/jobs/{id}", (HttpContext context, string id) => jobs.AnswerAsync(context, id));
        app.MapGet("/audio-transcriber/jobs/{id}/transcription", (HttpContext context, string id) => (string?)jobs.Look(id)?["status"] switch
        {
            null => JobBook.StatusAsync(context, 404),
            "completed" => JobBook.JsonAsync(context, heard[id]),
            _ => JobBook.StatusAsync(context, 425),
        });
    }

    private static JsonNode Short(OfferedClip clip) => new JsonObject
    {
        ["video_id"] = clip.Id, ["title"] = clip.Title, ["duration_seconds"] = 6, ["url"] = $"https://youtube.com/shorts/{clip.Id}", ["channel_name"] = "A Fake Channel", ["views_count"] = 7,
    };
}
