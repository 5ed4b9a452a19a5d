using System.Security.Cryptography;

namespace MakeVideo.Contracts;

/// <summary>Job ids: 128 random bits in base 62, always 22 characters, as the replaced service's short uuids were.</summary>
public static class JobIds
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int Length = 22;

    /// <summary>A new id from the system's random source.</summary>
    public static string Create()
    {
        var number = new UInt128(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)), BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)));
        return string.Create(Length, number, static (text, rest) =>
        {
            for (var i = text.Length - 1; i >= 0; i--)
            {
                text[i] = Alphabet[(int)(rest % 62)];
                rest /= 62;
            }
        });
    }

    /// <summary>True for what <see cref="Create"/> makes; anything else never reaches a path or a grain key.</summary>
    public static bool IsValid(string? id) => id is { Length: Length } && id.All(char.IsAsciiLetterOrDigit);
}
