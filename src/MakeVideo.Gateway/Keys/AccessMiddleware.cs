using System.Net;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace MakeVideo.Gateway.Keys;

/// <summary>
/// Lets through what the caller's key allows. Another owner's job does not exist: the check is here, on every address that names a job, so that no
/// call can forget it. Comes after the limits: who is refused was counted.
/// </summary>
internal sealed class AccessMiddleware(RequestDelegate next, IOptions<KeyOptions> options, IGrainFactory grains)
{
    private const string Realm = "Bearer realm=\"makevideo\"";

    private static JobFailure Missing => new(
        HttpCodes.KeyMissing, null, $"This server wants to know who asks. Send a key: Authorization: Bearer mv_..., or {KeyMiddleware.OwnHeader}: mv_...; the operator makes one with makevideo keys add.");

    private static JobFailure Wrong => new(HttpCodes.KeyInvalid, null, "The key is unknown or was revoked. Look whether it is whole, or ask the operator for another.");

    private static JobFailure Foreign => new(
        HttpCodes.CrossSite, null, "The request comes from another web site, or by a name that this server does not know itself by. Call it as 127.0.0.1 or localhost, or send a key.");

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is not { } call || KeyRules.IsOpen(call))
        {
            await next(context);
            return;
        }

        var entry = context.Entry();
        if (entry.Caller is not { } caller)
        {
            context.Response.Headers.WWWAuthenticate = entry.HasToken ? $"{Realm}, error=\"invalid_token\"" : Realm;
            await Problem.WriteAsync(context, entry.HasToken ? Wrong : Missing, StatusCodes.Status401Unauthorized);
            return;
        }

        if (entry.Key is null && IsForeign(context.Request))
        {
            await Problem.WriteAsync(context, Foreign, StatusCodes.Status403Forbidden);
            return;
        }

        var needed = KeyRules.ScopeOf(call, context.Request.Method);
        if (entry.Key?.Allows(needed) is false)
        {
            var scope = ApiNames.Of(needed);
            context.Response.Headers.WWWAuthenticate = $"{Realm}, error=\"insufficient_scope\", scope=\"{scope}\"";
            await Problem.WriteAsync(
                context, new(HttpCodes.ScopeMissing, null, $"This call needs a key with the scope {scope}; key {caller.KeyId} has {string.Join(", ", entry.Key.Scopes.Select(ApiNames.Of))}. Ask the operator for another."),
                StatusCodes.Status403Forbidden);
            return;
        }

        if (caller is { IsAdmin: false, Owner: { } owner } && KeyRules.JobOf(call, context.Request) is { } job
            && (!JobIds.IsValid(job) || !await grains.GetGrain<IJobGrain>(job).BelongsToAsync(owner)))
        {
            await Problem.NoSuchJob(job).ExecuteAsync(context);
            return;
        }

        await next(context);
    }

    /// <summary>
    /// Where nobody is asked for a key, being on the machine is what lets a caller in, and a browser on it carries any web site's requests: those of
    /// other sites are refused, and those by a name that a site may have pointed here (DNS rebinding).
    /// </summary>
    private bool IsForeign(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"] == "cross-site"
        || (request.Headers.Origin is [{ } origin] && (!Uri.TryCreate(origin, UriKind.Absolute, out var from) || from.Authority != request.Host.Value))
        || (!options.Value.Open && !(request.Host.Host is "localhost" || (IPAddress.TryParse(request.Host.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address))));
}
