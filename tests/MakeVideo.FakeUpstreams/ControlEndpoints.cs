using System.Text.Json;
using MakeVideo.FakeUpstreams.Faults;

namespace MakeVideo.FakeUpstreams;

internal static class ControlEndpoints
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static void MapControl(this IEndpointRouteBuilder app, FaultBook faults, CallBook calls)
    {
        app.MapPost("/faults", async context =>
        {
            var rule = await JsonSerializer.DeserializeAsync<FaultRule>(context.Request.Body, Json, context.RequestAborted);
            faults.Add(rule!);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        });
        app.MapDelete("/faults", context =>
        {
            faults.Clear();
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        });
        app.MapGet("/counts", context => context.Response.WriteAsync(JsonSerializer.Serialize(calls.Counts(), Json)));
        app.MapGet("/calls", context => context.Response.WriteAsync(JsonSerializer.Serialize(calls.All, Json)));
    }
}
