using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MakeVideo.Contracts;

namespace MakeVideo.Sources.Library;

/// <summary>A clip of a folder library, as one scan saw it.</summary>
/// <param name="Candidate">What jobs are offered.</param>
/// <param name="Order">Its path below the library, with forward slashes: breaks ties.</param>
/// <param name="Named">Stems of its file name and of its sidecar's title.</param>
/// <param name="Tagged">Stems of its sidecar's tags.</param>
/// <param name="Foldered">Stems of the folders that it lies in, below the library.</param>
/// <param name="Words">What a user could ask for to find it, readable; for messages.</param>
internal sealed record LibraryClip(
    ClipCandidate Candidate,
    string Order,
    ImmutableHashSet<string> Named,
    ImmutableHashSet<string> Tagged,
    ImmutableHashSet<string> Foldered,
    ImmutableArray<string> Words)
{
    /// <summary>Name of the folder library as a source.</summary>
    public const string Source = "library";

    private const int NameWeight = 4;
    private const int TagWeight = 3;
    private const int FolderWeight = 2;

    /// <summary>
    /// Identifies a file and its present content without reading it: 32 hex digits (128 bits) of the SHA-256 over path, size and time of change.
    /// A changed file is another clip, so what was remembered of the old one is not believed of the new.
    /// </summary>
    public static string Id(FileInfo file) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{file.FullName}\0{file.Length}\0{file.LastWriteTimeUtc.Ticks}"))))[..32];

    /// <summary>Sum over the query's stems of the best place that each is found in; 0 when none is. A name tells more than a tag, a tag more than a folder.</summary>
    public int Score(ImmutableArray<string> stems) => stems.Sum(stem =>
        Math.Max(NameWeight * Best(stem, Named), Math.Max(TagWeight * Best(stem, Tagged), FolderWeight * Best(stem, Foldered))));

    private static int Best(string stem, ImmutableHashSet<string> among) =>
        among.Contains(stem) ? 2 : among.Any(offered => SearchWords.Closeness(stem, offered) > 0) ? 1 : 0;
}
