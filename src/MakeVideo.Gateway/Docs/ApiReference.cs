using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Scalar.AspNetCore;

namespace MakeVideo.Gateway.Docs;

/// <summary>The API to read and try, at <c>/docs</c>: Scalar out of its package, nothing from elsewhere.</summary>
internal static class ApiReference
{
    private const string Path = "/docs";

    /// <summary>Its script builds its styles as it runs, and asks this server alone.</summary>
    private const string Policy =
        "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        + "connect-src 'self'; media-src 'self' blob:; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void MapApiReference(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("").AllowAnonymous().AddEndpointFilter((call, next) =>
        {
            call.HttpContext.Response.Headers.ContentSecurityPolicy = Policy;
            return next(call);
        });
        pages.MapScalarApiReference(Path, options =>
        {
            options.WithTitle("MakeVideo").WithOpenApiRoutePattern("/openapi/{documentName}.json").AddDocument("v1");
            options.DisableDefaultFonts().DisableAgent().DisableMcp().HideClientButton().HideDeveloperTools();
            options.Telemetry = false;
        });
    }
}
