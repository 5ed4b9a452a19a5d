using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MakeVideo.Gateway.Keys;

/// <summary>What a call needs, where it is not what its method says.</summary>
internal sealed record NeedsScope(KeyScope Scope);

/// <summary>
/// Which key each call needs: reading one that may read, all else one that may submit, unless the call says otherwise. A call that nobody thought of
/// is closed, not open.
/// </summary>
internal static class KeyRules
{
    private static readonly string[] Jobs = ["jobs", "download"];

    /// <summary>The call needs a key of this scope.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder call, KeyScope scope)
        where TBuilder : IEndpointConventionBuilder => call.WithMetadata(new NeedsScope(scope));

    /// <summary>The call needs no key: <see cref="AuthorizationEndpointConventionBuilderExtensions.AllowAnonymous{TBuilder}(TBuilder)"/>, as the framework has it.</summary>
    public static bool IsOpen(Endpoint call) => call.Metadata.GetMetadata<IAllowAnonymous>() is not null;

    /// <summary>The scope that a call needs.</summary>
    public static KeyScope ScopeOf(Endpoint call, string method) =>
        call.Metadata.GetMetadata<NeedsScope>()?.Scope
        ?? (FirstSegment(call) is "admin" or "metrics" or "dashboard" ? KeyScope.Admin : HttpMethods.IsGet(method) || HttpMethods.IsHead(method) ? KeyScope.Read : KeyScope.Submit);

    /// <summary>The job that a call is about; null when it is about none.</summary>
    public static string? JobOf(Endpoint call, HttpRequest request) =>
        Jobs.Contains(FirstSegment(call)) && request.RouteValues.TryGetValue("id", out var id) ? id as string : null;

    private static string? FirstSegment(Endpoint call) =>
        call is RouteEndpoint { RoutePattern.PathSegments: [{ IsSimple: true, Parts: [Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart { Content: var first }] }, ..] } ? first : null;
}
