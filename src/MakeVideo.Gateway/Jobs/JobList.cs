using System.Buffers.Text;
using System.Globalization;
using System.Text;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Keys;
using MakeVideo.Gateway.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace MakeVideo.Gateway.Jobs;

/// <summary>
/// <c>GET /jobs</c>: a plain list, as clients of the replaced service know it; where it goes on is in the <c>Link</c> header (RFC 8288). The order is
/// that of submission, newest first: a job that comes or goes meanwhile moves no other from one page to the next.
/// </summary>
internal static class JobList
{
    private const int DefaultLimit = 50;
    private const int MostLimit = 500;
    private const int LongestText = 200;

    /// <summary>Grain calls of one list at a time: quick, and no storm.</summary>
    private const int ReadAtOnce = 32;

    /// <summary>Pages of the index read for one answer: it files all stages of work as one kind, and may lag.</summary>
    private const int MostPages = 8;

    public static void MapJobList(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/jobs", ListAsync).Refuses(400, 422, 503).WithSummary("Jobs, newest first; Link and X-Next-Cursor say where the list goes on");

    private static async Task<Results<Ok<List<JobBody>>, Problem>> ListAsync(
        HttpContext context, IGrainFactory grains,
        string? status = null, string? limit = null, string? text = null, string? since = null, string? until = null, string? cursor = null, string? owner = null, string? brief = null)
    {
        var query = QueryOf(context.Caller(), status, limit, text, since, until, cursor, owner);
        if (query.Failed)
        {
            return new Problem(query.Failure);
        }

        var (jobs, next) = await ReadAsync(grains, query.Value);
        if (next is not null)
        {
            var token = Text(next);
            context.Response.Headers["X-Next-Cursor"] = token;
            context.Response.Headers.Link = $"<{context.Request.Path}{QueryString.Create(context.Request.Query.Where(each => each.Key != "cursor")).Add("cursor", token)}>; rel=\"next\"";
        }

        return TypedResults.Ok(brief == "true" ? jobs.ConvertAll(job => job.Brief) : jobs);
    }

    private static async Task<(List<JobBody> Jobs, JobCursor? Next)> ReadAsync(IGrainFactory grains, JobQuery query)
    {
        var jobs = new List<JobBody>();
        var next = query.After;
        for (var page = 0; page < MostPages; page++)
        {
            var found = await grains.GetGrain<IJobCatalogGrain>(0).FindAsync(query with { After = next, Limit = query.Limit - jobs.Count });
            next = found.Next;
            foreach (var some in found.Ids.Chunk(ReadAtOnce))
            {
                var views = await Task.WhenAll(some.Select(id => grains.GetGrain<IJobGrain>(id).GetAsync()));
                jobs.AddRange(views.OfType<JobView>().Where(job => Fits(job, query)).Select(JobBodies.Of));
            }

            if (next is null || jobs.Count >= query.Limit)
            {
                break;
            }
        }

        return (jobs, next);
    }

    // The index may lag: one that was deleted or has moved on in between is not there.
    private static bool Fits(JobView job, JobQuery query) =>
        (query.Status is null || job.Status == query.Status)
        && (query.Text is null || job.Request.Query.Contains(query.Text, StringComparison.OrdinalIgnoreCase));

    private static Outcome<JobQuery> QueryOf(Caller caller, string? status, string? limit, string? text, string? since, string? until, string? cursor, string? owner)
    {
        var wanted = ApiNames.Parse<JobStatus>(status);
        if (status is not null && wanted is null)
        {
            return new JobFailure(FailureCodes.InvalidRequest, null, $"status is unknown. Use one of: {string.Join(", ", ApiNames.All<JobStatus>())}");
        }

        var most = DefaultLimit;
        if (limit is not null && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out most) || most is < 1 or > MostLimit))
        {
            return new JobFailure(FailureCodes.InvalidRequest, null, $"limit must be a whole number from 1 to {MostLimit}.");
        }

        if (text is not null && (text.Length is 0 or > LongestText || text.Any(char.IsControl)))
        {
            return Wrong($"text must have 1 to {LongestText} characters and no control characters: part of the query of the jobs to find.");
        }

        if (owner is not null && (!caller.IsAdmin || !ApiKey.IsOwner(owner)))
        {
            return Wrong(caller.IsAdmin ? "owner is no name of an owner." : "owner is for keys with the scope admin. Leave it out: the list has your own jobs.");
        }

        if (Time(since, nameof(since), out var from) is { } badSince)
        {
            return badSince;
        }

        if (Time(until, nameof(until), out var to) is { } badUntil)
        {
            return badUntil;
        }

        if (Cursor(cursor, out var after) is { } badCursor)
        {
            return badCursor;
        }

        return from >= to
            ? Wrong("since must be before until.")
            : new JobQuery { Owner = owner ?? caller.Sees, Status = wanted, Text = text, Since = from, Until = to, After = after, Limit = most };
    }

    private static JobFailure? Time(string? text, string name, out DateTimeOffset? time)
    {
        var read = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var value);
        time = read ? value : null;
        return text is null || read ? null : Wrong($"{name} must be a time of ISO 8601 with its zone: 2026-03-04T12:00:00Z (a + is sent as %2B).");
    }

    private static JobFailure? Cursor(string? text, out JobCursor? cursor)
    {
        cursor = null;
        if (text is null)
        {
            return null;
        }

        var parts = Base64Url.IsValid(text) && text.Length <= 64 ? Encoding.ASCII.GetString(Base64Url.DecodeFromChars(text)).Split(':') : [];
        cursor = parts is [var time, var id] && long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var created) && JobIds.IsValid(id) ? new(created, id) : null;
        return cursor is null ? Wrong("cursor is none of ours. Take it from X-Next-Cursor of the page before, or leave it out to begin anew.") : null;
    }

    private static string Text(JobCursor cursor) => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{cursor.CreatedAt}:{cursor.JobId}")));

    private static JobFailure Wrong(string message) => new(HttpCodes.FilterInvalid, null, message);
}
