using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using MakeVideo.FakeUpstreams.Faults;

namespace MakeVideo.FakeUpstreams.Services;

/// <summary>The jobs of one of the job services: made, polled, forgotten.</summary>
internal sealed class JobBook(string service, Material material, FaultBook faults)
{
    private readonly ConcurrentDictionary<string, Job> _jobs = new();

    /// <summary>Makes a job, or finds the one of this id.</summary>
    public JsonObject Submit(string id, Func<JsonObject> result)
    {
        var job = _jobs.GetOrAdd(id, _ => new(DateTimeOffset.UtcNow, result, faults.Takes(service, "/jobs", FaultKinds.StuckJob), faults.Takes(service, "/jobs", FaultKinds.FailedJob)));
        return View(id, job);
    }

    /// <summary>Null when it is not known.</summary>
    public JsonObject? Look(string id)
    {
        if (faults.Takes(service, $"/jobs/{id}", FaultKinds.ForgetJob))
        {
            _jobs.TryRemove(id, out _);
        }

        return _jobs.TryGetValue(id, out var job) ? View(id, job) : null;
    }

    /// <summary>Answers a poll.</summary>
    public Task AnswerAsync(HttpContext context, string id) => Look(id) is { } state ? JsonAsync(context, state) : StatusAsync(context, 404);

    public static Task JsonAsync(HttpContext context, JsonNode body)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
    }

    public static Task StatusAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync("{\"detail\":\"no\"}", context.RequestAborted);
    }

    private JsonObject View(string id, Job job)
    {
        var share = material.JobSeconds <= 0 ? 1 : Math.Min(1, (DateTimeOffset.UtcNow - job.Made).TotalSeconds / material.JobSeconds);
        var view = new JsonObject
        {
            ["id"] = id, ["status"] = "downloading", ["progress"] = job.Stuck ? 7 : Math.Round(share * 100, 1), ["error_message"] = null, ["an_extra_field"] = new JsonArray(1, 2),
        };
        if (job.Stuck || share < 1)
        {
            return view;
        }

        view["status"] = job.Failed ? "failed" : "completed";
        if (job.Failed)
        {
            view["error_message"] = "it went wrong on purpose";
        }

        foreach (var (name, value) in job.Result())
        {
            view[name] = value?.DeepClone();
        }

        return view;
    }

    private sealed record Job(DateTimeOffset Made, Func<JsonObject> Result, bool Stuck, bool Failed);
}
