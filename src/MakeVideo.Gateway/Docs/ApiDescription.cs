using MakeVideo.Gateway.Keys;
using MakeVideo.Gateway.Problems;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace MakeVideo.Gateway.Docs;

/// <summary>The API's description: what each call says of itself, and what the server adds to all of them: keys, limits, and what nobody expected.</summary>
internal static class ApiDescription
{
    private const string Bearer = "key";
    private const string Header = "key_header";

    public static IServiceCollection AddApiDescription(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "MakeVideo";
            document.Info.Description = "Speech in, captioned short video out. Problems have a stable code; /problems says what each means.";

            document.Tags = document.Paths.Keys.Select(path => GroupOf(path.TrimStart('/'))).Distinct().Select(name => new OpenApiTag { Name = name }).ToHashSet();

            // Where it is served is where it was fetched from.
            document.Servers = [new() { Url = "/" }];
            document.Components ??= new();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [Bearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A key: mv_..." },
                [Header] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-Api-Key", Description = "A key: mv_..." },
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var call = context.Description.ActionDescriptor.EndpointMetadata;
            operation.Responses ??= [];
            operation.Tags = new HashSet<OpenApiTagReference> { new(GroupOf(context.Description.RelativePath), context.Document) };
            Refuses(operation, context, "500", "Internal Server Error");
            if (!call.OfType<DisableRateLimitingAttribute>().Any())
            {
                Refuses(operation, context, "429", "Too Many Requests");
            }

            if (!call.OfType<IAllowAnonymous>().Any())
            {
                Refuses(operation, context, "401", "Unauthorized");
                Refuses(operation, context, "403", "Forbidden");
                operation.Security =
                [
                    new() { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] },
                    new() { [new OpenApiSecuritySchemeReference(Header, context.Document)] = [] },
                    [],
                ];
            }

            return Task.CompletedTask;
        });
    });

    /// <summary>What a call is about, by its address.</summary>
    private static string GroupOf(string? path) => (path ?? "").Split('/')[0] switch
    {
        "make-video" or "batch" or "jobs" or "download" => "jobs",
        "clips" or "cache" => "clips",
        "" or "health" or "problems" => "service",
        var other => other,
    };

    private static void Refuses(OpenApiOperation operation, OpenApiOperationTransformerContext context, string status, string name) => operation.Responses!.TryAdd(
        status,
        new OpenApiResponse
        {
            Description = name,
            Content = new Dictionary<string, OpenApiMediaType> { [Problem.ContentType] = new() { Schema = new OpenApiSchemaReference(nameof(ProblemBody), context.Document) } },
        });
}
