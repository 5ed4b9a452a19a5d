using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using MakeVideo.Contracts;

namespace MakeVideo.Sources.Http;

/// <summary>One call. It may be sent more than once.</summary>
/// <param name="Method">Its verb.</param>
/// <param name="Path">Below the upstream's address, with query; everything of others in it is escaped (<see cref="UpstreamPath"/>). Or an absolute address that the upstream gave.</param>
/// <param name="Stage">On behalf of which stage; for failures.</param>
internal sealed record UpstreamRequest(HttpMethod Method, string Path, JobStage Stage)
{
    /// <summary>A fresh body for each attempt; null: none.</summary>
    public Func<HttpContent>? Content { get; init; }

    /// <summary>Sent to the upstream's own address only, never where it redirects to.</summary>
    public ImmutableArray<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Statuses of 4xx that mean something to the caller; others are refusals.</summary>
    public ImmutableArray<HttpStatusCode> Accepts { get; init; } = [];

    /// <summary>Instead of <see cref="UpstreamTimeouts.Headers"/>, for calls that answer when work is done.</summary>
    public TimeSpan? HeadersWithin { get; init; }

    /// <summary>What may be shown of it: queries and headers hold keys and users' words.</summary>
    public override string ToString() => $"{Method} /{Path.Split('?')[0].TrimStart('/')}";
}

/// <summary>What came back: a success with its JSON, or an accepted status without.</summary>
/// <param name="Status">2xx, or one of <see cref="UpstreamRequest.Accepts"/>.</param>
/// <param name="Body">Undefined where the status is no success.</param>
internal sealed record UpstreamReply(HttpStatusCode Status, JsonElement Body)
{
    /// <summary>The item is not there, or no longer.</summary>
    public bool Gone => Status is HttpStatusCode.NotFound or HttpStatusCode.Gone;
}

internal static class UpstreamPath
{
    /// <summary>A path with a query, its values escaped; null values are left out.</summary>
    public static string With(string path, params ReadOnlySpan<(string Name, string? Value)> query)
    {
        var text = new System.Text.StringBuilder(path);
        foreach (var (name, value) in query)
        {
            if (value is not null)
            {
                text.Append(text.Length == path.Length ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
            }
        }

        return text.ToString();
    }
}
