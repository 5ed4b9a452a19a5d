using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace MakeVideo.Gateway.Keys;

/// <summary>What a key lets its bearer do; <see cref="Admin"/> is all of it, and on everybody's jobs.</summary>
internal enum KeyScope
{
    /// <summary>Look at jobs and fetch what they made.</summary>
    Read,

    /// <summary>Send jobs, and cancel, retry or delete them.</summary>
    Submit,

    /// <summary>See and change what belongs to others or to nobody.</summary>
    Admin,
}

/// <summary>A key as it is kept: never itself, only its hash. A hash without salt is enough for 256 random bits: there is nothing to guess.</summary>
internal sealed partial record ApiKey
{
    private const string Prefix = "mv_";
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int IdLetters = 8;

    /// <summary>62^43 is just above 2^256.</summary>
    private const int SecretLetters = 43;

    /// <summary>Names it in lists and logs; the part of the key that is no secret.</summary>
    public required string Id { get; init; }

    /// <summary>Lower-case hex of the SHA-256 of the whole key.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Whose jobs it makes and sees; one owner may have many keys.</summary>
    public required string Owner { get; init; }

    public required IReadOnlyList<KeyScope> Scopes { get; init; }

    /// <summary>What it is for, in its maker's words.</summary>
    public string? Note { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null while it is good.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Fields that this version does not know.</summary>
    [JsonExtensionData] public Dictionary<string, JsonElement>? Unknown { get; init; }

    /// <summary>A new key, and the token that is told once: <c>mv_ID_SECRET</c>.</summary>
    public static (ApiKey Key, string Token) Create(string owner, IReadOnlyList<KeyScope> scopes, string? note, DateTimeOffset now)
    {
        var id = RandomNumberGenerator.GetString(Alphabet, IdLetters);
        var token = $"{Prefix}{id}_{RandomNumberGenerator.GetString(Alphabet, SecretLetters)}";
        return (new() { Id = id, Sha256 = Convert.ToHexStringLower(HashOf(token)), Owner = owner, Scopes = scopes, Note = note, CreatedAt = now }, token);
    }

    /// <summary>The id in what claims to be a key; null when it is none of ours.</summary>
    public static string? IdOf(string token) => Form().Match(token) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>Whether this is the key's own token. Takes as long for a wrong one as for the right one.</summary>
    public bool Matches(string token) => CryptographicOperations.FixedTimeEquals(Convert.FromHexString(Sha256), HashOf(token));

    public bool Allows(KeyScope scope) => Scopes.Contains(scope) || Scopes.Contains(KeyScope.Admin);

    /// <summary>Whether a text may be the hash of a key.</summary>
    public static bool IsHash(string? text) => text is { Length: 2 * SHA256.HashSizeInBytes } && text.All(char.IsAsciiHexDigit);

    /// <summary>Whether a name may be an owner's: it becomes part of keys in the store.</summary>
    public static bool IsOwner(string? name) => name is not null && OwnerName().IsMatch(name);

    private static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    [GeneratedRegex("^mv_([0-9A-Za-z]{8})_[0-9A-Za-z]{43}\\z")]
    private static partial Regex Form();

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{0,62}\\z")]
    private static partial Regex OwnerName();
}
