using System.Security.Cryptography;
using System.Text;
using MakeVideo.Contracts;
using MakeVideo.Gateway.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace MakeVideo.Gateway.Uploads;

/// <summary>A file that was streamed to disk.</summary>
/// <param name="Name">As the client called it; for people only.</param>
/// <param name="Sha256">Lower-case hex.</param>
/// <param name="Bytes">Size.</param>
internal sealed record UploadedFile(string Name, string Sha256, long Bytes);

/// <summary>What a multipart request brought.</summary>
internal sealed record UploadForm(IReadOnlyDictionary<string, string> Fields, UploadedFile? Audio, UploadedFile? Script);

/// <summary>Reads a multipart form as it comes: files go to disk under a running limit and hash, fields are bounded, memory stays flat.</summary>
internal sealed class UploadReader(GatewayOptions options)
{
    private const int MostParts = 32;
    private const int MostFieldBytes = 4096;
    private const int MostBoundary = 70; // RFC 2046, 5.1.1
    private const long MostScriptBytes = 1 << 20;
    private const int LongestName = 200;

    /// <summary>The form, its files at <paramref name="audioPath"/> and <paramref name="scriptPath"/>; or what is wrong with it.</summary>
    public async Task<Outcome<UploadForm>> ReadAsync(HttpRequest request, string audioPath, string scriptPath, CancellationToken cancellation)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= MostBoundary } boundary)
        {
            return new JobFailure(HttpCodes.UnsupportedMediaType, null, "This call takes multipart/form-data with the parts audio_file and query.");
        }

        var reader = new MultipartReader(boundary, request.Body) { HeadersCountLimit = 16, HeadersLengthLimit = 8192 };
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        UploadedFile? audio = null;
        UploadedFile? script = null;
        try
        {
            for (var parts = 0; await reader.ReadNextSectionAsync(cancellation) is { } section; parts++)
            {
                if (parts == MostParts)
                {
                    return Invalid($"The form has more than {MostParts} parts.");
                }

                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || !disposition.IsFormDisposition() && !disposition.IsFileDisposition())
                {
                    return Invalid("A part of the form has no name.");
                }

                var name = HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "";
                if (name == "audio_file" || (name == "script" && disposition.IsFileDisposition()))
                {
                    if ((name == "audio_file" ? audio : script) is not null)
                    {
                        return Invalid($"The form has {name} twice.");
                    }

                    var saved = name == "audio_file"
                        ? await SaveAsync(section.Body, audioPath, options.MaxAudioBytes, FailureCodes.AudioTooLarge, "audio_file", cancellation)
                        : await SaveAsync(section.Body, scriptPath, MostScriptBytes, HttpCodes.BodyTooLarge, "script", cancellation);
                    if (saved.Failed)
                    {
                        return saved.Failure;
                    }

                    var file = saved.Value with { Name = CleanName(disposition.FileNameStar.HasValue ? disposition.FileNameStar.Value : disposition.FileName.Value) };
                    (audio, script) = name == "audio_file" ? (file, script) : (audio, file);
                }
                else
                {
                    var field = await FieldAsync(section.Body, name, cancellation);
                    if (field.Failed)
                    {
                        return field.Failure;
                    }

                    if (!fields.TryAdd(name, field.Value))
                    {
                        return Invalid($"The form has {CleanName(name)} twice.");
                    }
                }
            }
        }
        catch (InvalidDataException)
        {
            return Invalid("The form is malformed: a part's headers are too long or its boundary is wrong.");
        }
        catch (IOException failure) when (failure is not BadHttpRequestException && failure.Message.StartsWith("Unexpected end of Stream", StringComparison.Ordinal))
        {
            return Invalid("The form ends before its last boundary. Send it again, whole.");
        }

        return new UploadForm(fields, audio, script);
    }

    private static async Task<Outcome<UploadedFile>> SaveAsync(Stream body, string path, long most, string tooLarge, string part, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var partial = path + ".part";
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long bytes = 0;
        await using (var file = new FileStream(partial, FileMode.Create, FileAccess.Write))
        {
            var buffer = new byte[1 << 16];
            int read;
            while ((read = await body.ReadAsync(buffer, cancellation)) > 0)
            {
                bytes += read;
                if (bytes > most)
                {
                    return new JobFailure(tooLarge, null, $"{part} is larger than {most} bytes. Send a smaller one; a lower bitrate is enough for speech.");
                }

                hash.AppendData(buffer.AsSpan(0, read));
                await file.WriteAsync(buffer.AsMemory(0, read), cancellation);
            }

            file.Flush(flushToDisk: true);
        }

        File.Move(partial, path, overwrite: true);
        return new UploadedFile("", Convert.ToHexStringLower(hash.GetHashAndReset()), bytes);
    }

    private static async Task<Outcome<string>> FieldAsync(Stream body, string name, CancellationToken cancellation)
    {
        var buffer = new byte[MostFieldBytes + 1];
        var read = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        if (read > MostFieldBytes)
        {
            return Invalid($"The field {CleanName(name)} is longer than {MostFieldBytes} bytes.");
        }

        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(buffer, 0, read);
        }
        catch (DecoderFallbackException)
        {
            return Invalid($"The field {CleanName(name)} is not UTF-8.");
        }
    }

    /// <summary>A client's name for a file, fit to be shown: no folders, no control or direction characters, not long.</summary>
    internal static string CleanName(string? name)
    {
        var last = (name ?? "").Trim('"').Split('/', '\\')[^1];
        var shown = string.Concat(last.EnumerateRunes().Where(rune => !Rune.IsControl(rune) && Rune.GetUnicodeCategory(rune) != System.Globalization.UnicodeCategory.Format).Take(LongestName));
        return shown;
    }

    private static JobFailure Invalid(string message) => new(FailureCodes.InvalidRequest, null, message);
}
