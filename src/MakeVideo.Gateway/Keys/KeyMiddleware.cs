using System.Net;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace MakeVideo.Gateway.Keys;

/// <summary>
/// Finds out who asks, and lets through what that key allows. Another owner's job does not exist: the check is here, on every address that names
/// a job, so that no call can forget it.
/// </summary>
internal sealed class KeyMiddleware(RequestDelegate next, KeyRing keys, IOptions<KeyOptions> options, IGrainFactory grains)
{
    private const string OwnHeader = "X-Api-Key";
    private const string Scheme = "Bearer ";
    private const string Realm = "Bearer realm=\"makevideo\"";

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is not { } call)
        {
            await next(context);
            return;
        }

        var (caller, scopes) = Identify(context);
        if (KeyRules.IsOpen(call))
        {
            context.SetCaller(caller ?? Caller.Nobody);
            await next(context);
            return;
        }

        if (caller is null)
        {
            var missing = TokenOf(context.Request) is null;
            context.Response.Headers.WWWAuthenticate = missing ? Realm : $"{Realm}, error=\"invalid_token\"";
            await Problem.WriteAsync(context, missing ? Missing : Wrong, StatusCodes.Status401Unauthorized);
            return;
        }

        var needed = KeyRules.ScopeOf(call, context.Request.Method);
        if (scopes?.Allows(needed) is false)
        {
            var scope = ApiNames.Of(needed);
            context.Response.Headers.WWWAuthenticate = $"{Realm}, error=\"insufficient_scope\", scope=\"{scope}\"";
            await Problem.WriteAsync(
                context, new(HttpCodes.ScopeMissing, null, $"This call needs a key with the scope {scope}; key {caller.KeyId} has {string.Join(", ", scopes.Scopes.Select(ApiNames.Of))}. Ask the operator for another."),
                StatusCodes.Status403Forbidden);
            return;
        }

        context.SetCaller(caller);
        if (caller is { IsAdmin: false, Owner: { } owner } && KeyRules.JobOf(call, context.Request) is { } job
            && (!JobIds.IsValid(job) || !await grains.GetGrain<IJobGrain>(job).BelongsToAsync(owner)))
        {
            await Problem.NoSuchJob(job).ExecuteAsync(context);
            return;
        }

        await next(context);
    }

    private static JobFailure Missing => new(
        HttpCodes.KeyMissing, null, $"This server wants to know who asks. Send a key: Authorization: Bearer mv_..., or {OwnHeader}: mv_...; the operator makes one with makevideo keys add.");

    private static JobFailure Wrong => new(HttpCodes.KeyInvalid, null, "The key is unknown or was revoked. Look whether it is whole, or ask the operator for another.");

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
