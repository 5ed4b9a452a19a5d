using System.Globalization;
using System.Net.Mime;
using System.Text;
using System.Text.Encodings.Web;
using MakeVideo.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace MakeVideo.Gateway.Problems;

/// <summary>What every problem's <c>type</c> leads to: a page for people, JSON for programs, by <c>Accept</c>.</summary>
internal static class ProblemPages
{
    /// <summary>Nothing is loaded and nothing runs; the page's own few rules of style are in it.</summary>
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private const string Style = ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
        + "dt{margin-top:1.2rem;font-weight:600}dd{margin:0}code{font-size:1.05em}a{color:LinkText}";

    public static void MapProblemPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/problems", (HttpContext context) => IsForPeople(context) ? Page("Problems", ProblemCatalog.All) : TypedResults.Ok(ProblemCatalog.All.Select(BodyOf).ToList()) as IResult)
            .AllowAnonymous().Produces<List<CodeBody>>(200, MediaTypeNames.Application.Json, MediaTypeNames.Text.Html).WithSummary("All codes of problems, of failed jobs and of unused clips: what each means, and what to do");
        routes.MapGet("/problems/{code}", (HttpContext context, string code) => ProblemCatalog.Find(code) is not { } entry
                ? new Problem(new(HttpCodes.NotFound, null, "There is no such code. GET /problems lists them all."))
                : IsForPeople(context) ? Page(entry.Code, [entry]) : TypedResults.Ok(BodyOf(entry)) as IResult)
            .AllowAnonymous().Produces<CodeBody>(200, MediaTypeNames.Application.Json, MediaTypeNames.Text.Html).Refuses(404).WithSummary("What a code means, and what to do");
    }

    private static bool IsForPeople(HttpContext context)
    {
        context.Response.Headers.Vary = "Accept";
        var accepted = context.Request.GetTypedHeaders().Accept;
        return Quality("text/html") > Quality("application/json");

        double Quality(string type) => accepted.Where(each => each.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)).Select(each => each.Quality ?? 1).DefaultIfEmpty(0).Max();
    }

    private static CodeBody BodyOf(ProblemEntry entry) => new(entry.Code, Problem.StatusOf(entry.Code), entry.Meaning, entry.Remedy);

    private static HtmlPage Page(string title, IReadOnlyList<ProblemEntry> entries)
    {
        var html = new StringBuilder($"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{Text(title)}</title><style>{Style}</style><h1>{Text(title)}</h1>");
        if (entries.Count == 1)
        {
            html.Append("<p><a href=\"/problems\">All problems</a></p>");
        }

        html.Append("<dl>");
        foreach (var entry in entries)
        {
            html.Append(CultureInfo.InvariantCulture, $"<dt><a href=\"/problems/{Text(entry.Code)}\"><code>{Text(entry.Code)}</code></a> (HTTP {Problem.StatusOf(entry.Code)})</dt><dd>{Text(entry.Meaning)} <b>{Text(entry.Remedy)}</b></dd>");
        }

        return new(html.Append("</dl></html>").ToString());
    }

    private static string Text(string text) => HtmlEncoder.Default.Encode(text);

    private sealed class HtmlPage(string html) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentType = "text/html; charset=utf-8";
            httpContext.Response.Headers.ContentSecurityPolicy = Policy;
            return httpContext.Response.WriteAsync(html, httpContext.RequestAborted);
        }
    }
}

/// <summary>A code as programs read it; the status is that of an answer with it.</summary>
internal sealed record CodeBody(string Code, int Status, string Meaning, string Remedy);
