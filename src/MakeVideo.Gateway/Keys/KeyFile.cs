using System.Text.Json;
using System.Text.Json.Serialization;
using MakeVideo.Contracts;

namespace MakeVideo.Gateway.Keys;

/// <summary>The keys of one cluster in a file of its data folder, which every role sees. Written whole and by rename; one writer at a time.</summary>
internal sealed class KeyFile(DataFolder data)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    public string Path => data.Keys;

    /// <summary>Tells one writing from the next; the same as long as the file is. <see cref="DateTime.MinValue"/> and so on where there is no file.</summary>
    public (DateTime WrittenAt, long Bytes) Version => new FileInfo(Path) is { Exists: true } file ? (file.LastWriteTimeUtc, file.Length) : default;

    /// <summary>All keys, revoked ones too; none where there is no file.</summary>
    /// <exception cref="InvalidDataException">It is no file of keys.</exception>
    public IReadOnlyList<ApiKey> Read() => ReadBook().Keys;

    /// <summary>Changes the keys under a lock that other processes honour.</summary>
    /// <exception cref="IOException">The folder cannot be written, or another change is under way.</exception>
    public void Change(Func<IReadOnlyList<ApiKey>, IReadOnlyList<ApiKey>> change)
    {
        Directory.CreateDirectory(data.Root);
        using var held = new FileStream(Path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var book = ReadBook();
        var partial = $"{Path}.{Guid.NewGuid():N}.part";
        using (var file = new FileStream(partial, FileMode.CreateNew, FileAccess.Write))
        {
            JsonSerializer.Serialize(file, book with { Keys = change(book.Keys) }, Json);
            file.Flush(flushToDisk: true);
        }

        File.Move(partial, Path, overwrite: true);
    }

    private KeyBook ReadBook()
    {
        try
        {
            return JsonSerializer.Deserialize<KeyBook>(File.ReadAllBytes(Path), Json) ?? throw new JsonException("It is null.");
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return new();
        }
        catch (JsonException failure)
        {
            throw new InvalidDataException($"{Path} is no file of keys: {failure.Message.ReplaceLineEndings(" ")}", failure);
        }
    }

    /// <summary>The file as a whole.</summary>
    private sealed record KeyBook
    {
        /// <summary>Raised when the meaning of a field changes; readers accept every earlier one.</summary>
        public int Version { get; init; } = 1;

        public IReadOnlyList<ApiKey> Keys { get; init; } = [];

        /// <summary>Fields that this version does not know.</summary>
        [JsonExtensionData] public Dictionary<string, JsonElement>? Unknown { get; init; }
    }
}
