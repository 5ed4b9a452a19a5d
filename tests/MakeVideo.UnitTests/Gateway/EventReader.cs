using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace MakeVideo.UnitTests.Gateway;

/// <summary>One event of a stream.</summary>
internal sealed record ServerEvent(string Kind, string? Id, JsonObject Data);

/// <summary>Reads a stream of server-sent events as the standard says.</summary>
internal sealed class EventReader : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private EventReader(HttpResponseMessage response, Stream body) => (_response, _reader) = (response, new(body));

    /// <summary>Milliseconds after which the server wants its clients back.</summary>
    public int? Retry { get; private set; }

    public static async Task<EventReader> OpenAsync(GatewayServer server, string? lastId = null)
    {
        var response = await AskAsync(server, Samples.Id, lastId);
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (response.StatusCode, response.Content.Headers.ContentType?.ToString()));
        return new(response, await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    public static Task<HttpResponseMessage> AskAsync(GatewayServer server, string id, string? lastId = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/jobs/{id}/events");
        if (lastId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastId);
        }

        return server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    /// <summary>Signs of life are not waited for beyond 20 s: a stream may have nothing else to say.</summary>
    public async Task<ServerEvent> NextAsync() => await MaybeAsync().WaitAsync(TimeSpan.FromSeconds(20)) ?? throw new EndOfStreamException();

    /// <summary>The next event; null at the end.</summary>
    public async Task<ServerEvent?> MaybeAsync()
    {
        var (kind, id, data) = ("message", (string?)null, "");
        while (await LineAsync() is { } line)
        {
            switch (line)
            {
                case "" when data.Length > 0:
                    return new(kind, id, JsonNode.Parse(data)!.AsObject());
                case var _ when line.StartsWith("event: ", StringComparison.Ordinal):
                    kind = line[7..];
                    break;
                case var _ when line.StartsWith("id: ", StringComparison.Ordinal):
                    id = line[4..];
                    break;
                case var _ when line.StartsWith("data: ", StringComparison.Ordinal):
                    data += line[6..];
                    break;
                case var _ when line.StartsWith("retry: ", StringComparison.Ordinal):
                    Retry = int.Parse(line[7..], CultureInfo.InvariantCulture);
                    break;
                case "" or ":":
                    break;
                default:
                    Assert.Fail($"No line of an event stream: '{line}'");
                    break;
            }
        }

        return null;
    }

    /// <summary>Reads up to a comment.</summary>
    public async Task CommentAsync()
    {
        while (await LineAsync() is { } line)
        {
            if (line.StartsWith(':'))
            {
                return;
            }
        }

        Assert.Fail("The stream ended.");
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _response.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string?> LineAsync() => await _reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
}
