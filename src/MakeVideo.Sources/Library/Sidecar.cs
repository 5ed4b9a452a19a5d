using System.Collections.Immutable;
using System.Text.Json;

namespace MakeVideo.Sources.Library;

/// <summary>What a user wrote about a clip, in <c>clip.mp4.json</c> or <c>clip.json</c> beside it: <c>{"title": "...", "tags": ["..."], "credit": "..."}</c>.</summary>
/// <param name="Title">For people; null when not given.</param>
/// <param name="Tags">To be found by; also read from one string with commas.</param>
/// <param name="Credit">Whose the clip is; null when not given.</param>
internal sealed record Sidecar(string? Title, ImmutableArray<string> Tags, string? Credit)
{
    /// <summary>More than anyone writes about a clip; a bigger file is something else.</summary>
    public const int MaxBytes = 64 * 1024;

    private const int MaxTags = 64;
    private const int MaxCharacters = 200;

    public static Sidecar None { get; } = new(null, [], null);

    /// <summary>Reads one; unknown fields are ignored. <see cref="JsonException"/> or <see cref="IOException"/> when it is broken, too big or not to be read.</summary>
    public static Sidecar Read(string path)
    {
        // Before it is opened: opening a named pipe, which has no length, would wait for its writer.
        var length = new FileInfo(path).Length;
        if (length is 0 or > MaxBytes)
        {
            throw new JsonException($"{length} bytes; a sidecar has 1 to {MaxBytes}.");
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        var bytes = new byte[length];
        file.ReadExactly(bytes);
        var json = bytes.AsMemory(bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0);
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 8 });
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("Not a JSON object.");
        }

        return new Sidecar(Text(document.RootElement, "title"), Texts(document.RootElement, "tags"), Text(document.RootElement, "credit"));
    }

    private static string? Text(JsonElement sidecar, string field) =>
        sidecar.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? Bounded(value.GetString()!) : null;

    private static ImmutableArray<string> Texts(JsonElement sidecar, string field)
    {
        if (!sidecar.TryGetProperty(field, out var value))
        {
            return [];
        }

        var texts = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!.Split(','),
            JsonValueKind.Array => value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!),
            _ => [],
        };
        return [.. texts.Select(Bounded).OfType<string>().Take(MaxTags)];
    }

    private static string? Bounded(string text)
    {
        var line = OneLine.Of(text, MaxCharacters);
        return line.Length == 0 ? null : line;
    }
}
