using MakeVideo.Contracts;

namespace MakeVideo.Grains.Jobs;

/// <summary>One character per item keeps the progress of an hour's job under 8 KB.</summary>
internal static class ItemCodes
{
    public const char Waiting = '.';
    public const char Working = 'w';
    public const char Done = 'd';
    public const char Reused = 'r';
    public const char Failed = 'f';

    // Capitals: why a clip was rejected. Appended to, never reordered: states hold them.
    private static readonly string[] Rejections =
    [
        FailureCodes.ClipMissing, FailureCodes.ClipEmpty, FailureCodes.ClipTooLarge, FailureCodes.ClipUnreadable, FailureCodes.ClipNoVideo,
        FailureCodes.ClipTooSmall, FailureCodes.ClipTooShort, FailureCodes.ClipCorrupt, FailureCodes.ClipFormatRefused,
        FailureCodes.ClipHasText, FailureCodes.ClipUnwanted,
    ];

    private const char OtherRejection = 'Z';

    /// <summary>The character for a rejection's code.</summary>
    public static char OfRejection(string code) =>
        Array.IndexOf(Rejections, code) is >= 0 and var index ? (char)('A' + index) : OtherRejection;

    /// <summary>What a character means.</summary>
    public static (ItemStatus Status, string? Reason) Read(char code) => code switch
    {
        Working => (ItemStatus.Working, null),
        Done => (ItemStatus.Done, null),
        Reused => (ItemStatus.Reused, null),
        Failed => (ItemStatus.Failed, null),
        OtherRejection => (ItemStatus.Rejected, "rejected"),
        >= 'A' and <= 'Y' when code - 'A' < Rejections.Length => (ItemStatus.Rejected, Rejections[code - 'A']),
        _ => (ItemStatus.Waiting, null),
    };

    /// <summary>The character of one item; <see cref="Waiting"/> where nothing was noted yet.</summary>
    public static char At(string codes, int index) => index < codes.Length ? codes[index] : Waiting;

    /// <summary><paramref name="codes"/> with one of them changed; grown with <see cref="Waiting"/> where it is too short.</summary>
    public static string With(string codes, int index, char code)
    {
        var next = codes.PadRight(index + 1, Waiting).ToCharArray();
        next[index] = code;
        return new string(next);
    }
}
