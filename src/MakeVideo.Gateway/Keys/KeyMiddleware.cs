using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace MakeVideo.Gateway.Keys;

/// <summary>Finds out who asks, so that limits know whom to count; what the caller may do is for <see cref="AccessMiddleware"/>.</summary>
internal sealed class KeyMiddleware(RequestDelegate next, KeyRing keys, IOptions<KeyOptions> options)
{
    /// <summary>Beside <c>Authorization: Bearer</c>.</summary>
    public const string OwnHeader = "X-Api-Key";

    private const string Scheme = "Bearer ";

    public async Task InvokeAsync(HttpContext context)
    {
        var (caller, key) = Identify(context);
        context.SetCaller(caller ?? Caller.Nobody);
        context.SetEntry(new(caller, key, TokenOf(context.Request) is not null));
        await next(context);
    }

    /// <summary>Who asks, and the key that says so; nobody when a key is needed and none is good.</summary>
    private (Caller? Caller, ApiKey? Key) Identify(HttpContext context)
    {
        var token = TokenOf(context.Request);
        if (token is not null && keys.Find(token) is { } key)
        {
            return (Caller.Of(key), key);
        }

        // A key of ours that is wrong is told so even where none is needed: whoever sends one means to be somebody.
        return (IsAsked(context) || (token is not null && ApiKey.IdOf(token) is not null) ? null : Caller.Anybody, null);
    }

    // By the connection too: an address that the settings gave behind the command line's back is not open by mistake.
    private bool IsAsked(HttpContext context) =>
        options.Value.Required || !(options.Value.Open || (context.Connection.LocalIpAddress is { } here && IPAddress.IsLoopback(here)));

    private static string? TokenOf(HttpRequest request)
    {
        string? bearer = request.Headers.Authorization;
        return bearer is not null && bearer.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? bearer[Scheme.Length..].Trim()
            : request.Headers[OwnHeader] is [{ Length: > 0 } own, ..] ? own.Trim()
            : null;
    }
}
