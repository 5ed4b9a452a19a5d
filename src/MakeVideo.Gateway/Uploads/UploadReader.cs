using System.Globalization;
using System.Text;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Jobs;
using MakeVideo.Gateway.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace MakeVideo.Gateway.Uploads;

/// <summary>What a multipart request brought.</summary>
internal sealed record UploadForm(IReadOnlyDictionary<string, string> Fields, UploadedFile? Audio, UploadedFile? Script);

/// <summary>Reads a multipart form as it comes, its parts in any order: files go to disk under a running limit and hash, fields are bounded, memory stays flat.</summary>
/// <param name="options">Its limits.</param>
/// <param name="known">Fields that the form may have; null: those of a submission.</param>
internal sealed class UploadReader(GatewayOptions options, IReadOnlySet<string>? known = null)
{
    private const int MostFieldBytes = 4096;
    private const int MostBoundary = 70; // RFC 2046, 5.1.1
    private const long MostScriptBytes = 1 << 20;
    private const int LongestName = 200;

    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>The form, its files at <paramref name="audioPath"/> and <paramref name="scriptPath"/>; or what is wrong with it.</summary>
    public async Task<Outcome<UploadForm>> ReadAsync(HttpRequest request, string audioPath, string scriptPath, CancellationToken cancellation)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= MostBoundary } boundary)
        {
            return new JobFailure(HttpCodes.UnsupportedMediaType, null, "This call takes multipart/form-data with the parts audio_file and query.");
        }

        var parts = new FormParts(boundary, request.Body);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        UploadedFile? audio = null;
        UploadedFile? script = null;
        while (await parts.NextAsync(cancellation) is { } part)
        {
            if (!ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition) || HeaderUtilities.RemoveQuotes(disposition.Name).Value is not { Length: > 0 } name)
            {
                return Invalid("A part of the form has no name. Give each a Content-Disposition with one.");
            }

            if (fields.ContainsKey(name) || (name == "audio_file" && audio is not null) || (name == "script" && script is not null))
            {
                return Invalid($"The form has {CleanName(name)} twice. Send it once.");
            }

            // Before its bytes: a file under a wrong name must not be taken for a long text. It bounds the parts too: each name is known, and comes once.
            if (FieldNames.Refusal(name, known ?? FieldNames.OfForm) is { } unknown)
            {
                return unknown;
            }

            JobFailure? failure;
            switch (name)
            {
                case "audio_file":
                    (audio, failure) = Split(await UploadedFile.ReceiveAsync(part, audioPath, NameOf(disposition), AudioRule, cancellation));
                    break;
                case "script":
                    (script, failure) = Split(await UploadedFile.ReceiveAsync(part, scriptPath, NameOf(disposition), ScriptRule, cancellation));
                    break;
                default:
                    (var text, failure) = Split(await FieldAsync(part, name, cancellation));
                    fields[name] = text ?? "";
                    break;
            }

            if (failure is not null)
            {
                return failure;
            }
        }

        return new UploadForm(fields, audio, script);
    }

    private JobFailure? AudioRule(long bytes, ReadOnlyMemory<byte> head) =>
        bytes == 0 ? new(FailureCodes.AudioEmpty, null, "audio_file is empty (0 bytes). Send it again.")
        : bytes > options.MaxAudioBytes ? new(FailureCodes.AudioTooLarge, null, $"audio_file is larger than {options.MaxAudioBytes} bytes. Send a smaller one; a lower bit rate is enough for speech.")
        : !head.IsEmpty && !AudioSniff.IsAudio(head.Span) ? new(FailureCodes.AudioUnreadable, null, $"audio_file is no audio, whatever it is called. Send {AudioSniff.Formats}.")
        : null;

    private static JobFailure? ScriptRule(long bytes, ReadOnlyMemory<byte> head) =>
        bytes == 0 ? new(FailureCodes.ScriptInvalid, null, "script is empty. Send SRT, VTT or plain text, or leave it out.")
        : bytes > MostScriptBytes ? new(HttpCodes.BodyTooLarge, null, $"script is larger than {MostScriptBytes} bytes. Send the words of this audio only.")
        : null;

    private static async Task<Outcome<string>> FieldAsync(MultipartSection part, string name, CancellationToken cancellation)
    {
        var buffer = new byte[MostFieldBytes + 1];
        var read = await FormParts.FillAsync(part, buffer, cancellation);
        if (read > MostFieldBytes)
        {
            return Invalid($"The field {CleanName(name)} is longer than {MostFieldBytes} bytes. Shorten it.");
        }

        try
        {
            return Utf8.GetString(buffer, 0, read);
        }
        catch (DecoderFallbackException)
        {
            return Invalid($"The field {CleanName(name)} is not UTF-8. Send it so encoded.");
        }
    }

    private static (T? Value, JobFailure? Failure) Split<T>(Outcome<T> outcome) => (outcome.Value, outcome.Failure);

    private static string NameOf(ContentDispositionHeaderValue disposition) =>
        CleanName(disposition.FileNameStar.HasValue ? disposition.FileNameStar.Value : disposition.FileName.Value);

    /// <summary>A client's name for a file, fit to be shown: no folders, no control or direction characters, not long.</summary>
    internal static string CleanName(string? name)
    {
        var last = (name ?? "").Trim('"').Split('/', '\\')[^1];
        return string.Concat(last.EnumerateRunes().Where(rune => !Rune.IsControl(rune) && Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format).Take(LongestName));
    }

    private static JobFailure Invalid(string message) => new(FailureCodes.InvalidRequest, null, message);
}
