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
        using var held = Open(Path + ".lock", FileMode.OpenOrCreate);
        var book = ReadBook();
        var partial = $"{Path}.{Guid.NewGuid():N}.part";
        try
        {
            using (var file = Open(partial, FileMode.CreateNew))
            {
                JsonSerializer.Serialize(file, book with { Keys = change(book.Keys) }, Json);
                file.Flush(flushToDisk: true);
            }

            File.Move(partial, Path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    // Who has keys, and what for, is for the service and its operators.
    private static FileStream Open(string path, FileMode mode) => new(path, new FileStreamOptions
    {
        Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
    });

    private KeyBook ReadBook()
    {
        try
        {
            var book = JsonSerializer.Deserialize<KeyBook>(File.ReadAllBytes(Path), Json) ?? throw new JsonException("It is null.");
            return book.Keys is not null && book.Keys.All(key => key is { Scopes: not null } && ApiKey.IsHash(key.Sha256) && ApiKey.IsOwner(key.Owner))
                ? book
                : throw new JsonException("A key in it is none: each has an id, a sha256 of 64 hex digits, an owner and scopes.");
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
