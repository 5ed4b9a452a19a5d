using System.Buffers;
using System.Text.Json;

namespace MakeVideo.Sources.Http;

/// <summary>JSON of others: bounded in depth, and with the NaN and Infinity that Python writes, which are no JSON, read as null.</summary>
internal static class LooseJson
{
    /// <summary>Their answers are five deep.</summary>
    private const int MaxDepth = 32;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth };

    /// <summary>The document's root, independent of the bytes; null when they are no JSON, or too deep.</summary>
    public static JsonElement? Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(WithoutNaN(bytes), Options);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ReadOnlyMemory<byte> WithoutNaN(ReadOnlyMemory<byte> bytes)
    {
        var text = bytes.Span;
        if (text.IndexOf("NaN"u8) < 0 && text.IndexOf("Infinity"u8) < 0)
        {
            return bytes;
        }

        var clean = new ArrayBufferWriter<byte>(bytes.Length + 64);
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (quoted && text[i] == '\\' && i + 1 < text.Length)
            {
                clean.Write(text.Slice(i++, 2));
                continue;
            }

            quoted ^= text[i] == '"';
            var skip = quoted ? 0
                : text[i..].StartsWith("NaN"u8) ? 3
                : text[i..].StartsWith("-Infinity"u8) ? 9
                : text[i..].StartsWith("Infinity"u8) ? 8
                : 0;
            if (skip == 0)
            {
                clean.Write(text.Slice(i, 1));
                continue;
            }

            clean.Write("null"u8);
            i += skip - 1;
        }

        return clean.WrittenMemory;
    }
}

/// <summary>Reads fields of an item that may lack them or hold anything.</summary>
internal static class JsonFields
{
    /// <summary>A field of an object; undefined where there is none.</summary>
    public static JsonElement Field(this JsonElement item, string name) =>
        item.ValueKind is JsonValueKind.Object && item.TryGetProperty(name, out var value) ? value : default;

    /// <summary>The items of an array field; none where it is no array.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement item, string name) =>
        item.Field(name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    /// <summary>A text; null where it is none.</summary>
    public static string? Text(this JsonElement item, string name)
    {
        try
        {
            return item.Field(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, escaped.
            return null;
        }
    }

    /// <summary>A finite number; null where it is none.</summary>
    public static double? Number(this JsonElement item, string name) =>
        item.Field(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out var value) && double.IsFinite(value) ? value : null;
}
