using System.Text.Json;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Jobs;
using MakeVideo.Gateway.Problems;
using MakeVideo.Gateway.Uploads;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MakeVideo.Gateway.Estimates;

/// <summary>Reads what an estimate is asked for, however it is written: JSON, a form, or the multipart form of a submission.</summary>
internal static class EstimateFields
{
    private const long MostFieldBytes = 64 << 10;

    /// <summary>The fields by name, an audio and a script where they came; or what is wrong.</summary>
    /// <param name="request">Its body is read.</param>
    /// <param name="uploads">Reads multipart.</param>
    /// <param name="audio">Where an audio is put.</param>
    /// <param name="script">Where a script is put.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<Outcome<UploadForm>> ReadAsync(HttpRequest request, UploadReader uploads, string audio, string script, CancellationToken cancellation)
    {
        if (request.HasJsonContentType())
        {
            Bound(request);
            return await JsonAsync(request.Body, cancellation);
        }

        if (request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true)
        {
            Bound(request);
            try
            {
                var form = await request.ReadFormAsync(cancellation);
                return form.Keys.Select(name => FieldNames.Refusal(name, FieldNames.OfEstimate)).FirstOrDefault(refusal => refusal is not null) is { } unknown
                    ? unknown
                    : new UploadForm(form.ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal), null, null);
            }
            catch (InvalidDataException wrong)
            {
                return new JobFailure(HttpCodes.BadRequest, null, $"The form cannot be read: {wrong.Message.TrimEnd('.')}.");
            }
        }

        return await uploads.ReadAsync(request, audio, script, cancellation);
    }

    private static async Task<Outcome<UploadForm>> JsonAsync(Stream body, CancellationToken cancellation)
    {
        JsonDocument document;
        try
        {
            document = await JsonDocument.ParseAsync(body, default, cancellation);
        }
        catch (JsonException)
        {
            return new JobFailure(HttpCodes.BadRequest, null, "The body is no JSON. Send an object such as {\"audio_seconds\": 60}.");
        }

        using (document)
        {
            if (document.RootElement.ValueKind is not JsonValueKind.Object)
            {
                return new JobFailure(HttpCodes.BadRequest, null, "The body is JSON but no object. Send one such as {\"audio_seconds\": 60}.");
            }

            var fields = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var field in document.RootElement.EnumerateObject())
            {
                if (FieldNames.Refusal(field.Name, FieldNames.OfEstimate) is { } unknown)
                {
                    return unknown;
                }

                switch (field.Value.ValueKind)
                {
                    case JsonValueKind.Null:
                        break;
                    case JsonValueKind.Object or JsonValueKind.Array:
                        return new JobFailure(FailureCodes.InvalidRequest, null, $"The field {UploadReader.CleanName(field.Name)} must be a text, a number or a truth value.");
                    case JsonValueKind.String:
                        fields[field.Name] = field.Value.GetString()!;
                        break;
                    default:
                        fields[field.Name] = field.Value.GetRawText();
                        break;
                }
            }

            return new UploadForm(fields, null, null);
        }
    }

    // The call takes an audio of any size that a submission takes; without one it is a few fields.
    private static void Bound(HttpRequest request)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MostFieldBytes;
        }
    }
}
