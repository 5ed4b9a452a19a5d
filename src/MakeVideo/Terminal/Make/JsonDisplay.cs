using System.Text.Json;
using System.Text.Json.Serialization;
using MakeVideo.Contracts;

namespace MakeVideo.Terminal.Make;

/// <summary>Events as JSON lines, for scripts: <c>started</c>, <c>stage</c>, <c>item</c>, <c>progress</c>, <c>completed</c>, <c>failed</c>.</summary>
internal sealed class JsonDisplay(TextWriter output, TimeProvider clock) : IJobDisplay
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public void Begin(JobView view, bool resumed) => Write("started", new { view.Request.JobId, Resumed = resumed });

    public async Task<JobView> FollowAsync(IAsyncEnumerable<JobView> views)
    {
        JobView? last = null;
        await foreach (var view in views)
        {
            foreach (var change in JobChanges.Between(last, view))
            {
                Write(change.Kind, change.Content);
            }

            last = view;
        }

        return last!;
    }

    public void Complete(JobView view, JobResult result, string path) =>
        Write("completed", new { view.Request.JobId, Path = path, result, Stages = view.Stages.Select(stage => new { stage.Stage, stage.Seconds }) });

    public void Fail(JobView view, JobFailure failure) => Write("failed", new { view.Request.JobId, failure.Code, failure.Stage, failure.Message, failure.Retryable });

    private void Write(string kind, object content)
    {
        var line = JsonSerializer.SerializeToNode(content, Json)!.AsObject();
        line.Insert(0, "event", kind);
        line.Insert(1, "time", clock.GetUtcNow().ToString("O", System.Globalization.CultureInfo.InvariantCulture));
        output.WriteLine(line.ToJsonString(Json));
    }
}
