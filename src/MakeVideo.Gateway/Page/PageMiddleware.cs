using Microsoft.AspNetCore.Http;

namespace MakeVideo.Gateway.Page;

/// <summary>Serves the page at <c>/</c> to browsers and its files below <see cref="PageFiles.Folder"/>. Programs get the JSON that is at <c>/</c>.</summary>
internal sealed class PageMiddleware(RequestDelegate next)
{
    private const string Index = "index.html";

    /// <summary>Nothing from elsewhere, no script or style but in files; blobs are what was fetched with a key.</summary>
    private const string Policy =
        "default-src 'self'; img-src 'self' blob:; media-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            return next(context);
        }

        var path = context.Request.Path.Value ?? "";
        if (path == "/")
        {
            // The same address has two faces.
            context.Response.Headers.Vary = "Accept";
            return WantsHtml(context.Request) ? WriteAsync(context, PageFiles.All[Index]) : next(context);
        }

        return path.StartsWith(PageFiles.Folder, StringComparison.Ordinal) && PageFiles.All.TryGetValue(path[PageFiles.Folder.Length..], out var file)
            ? WriteAsync(context, file)
            : next(context);
    }

    /// <summary>Browsers name it; programs that take anything do not.</summary>
    private static bool WantsHtml(HttpRequest request) => request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    private static async Task WriteAsync(HttpContext context, PageFile file)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        headers.XFrameOptions = "DENY";
        headers.ETag = file.Tag;

        // Asked for each time and sent again only when it has changed: a page never meets files of another version.
        headers.CacheControl = "no-cache";
        if (context.Request.Headers.IfNoneMatch == file.Tag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = file.ContentType;
        context.Response.ContentLength = file.Bytes.Length;
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(file.Bytes, context.RequestAborted);
        }
    }
}
