namespace MakeVideo.Sources.Http;

internal static class RemoteIds
{
    private const int Longest = 64;

    /// <summary>Whether an id that others gave is fit for paths, keys and file names: <c>^[A-Za-z0-9_-]{1,64}$</c>.</summary>
    public static bool Fits([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] string? id) => id is { Length: >= 1 and <= Longest } && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-');
}
