using System.Collections.Immutable;
using System.Globalization;
using MakeVideo.Contracts;

namespace MakeVideo.Sources.Library;

/// <summary>What a folder library cannot do, and what to do about it: one line each.</summary>
internal static class LibraryMessages
{
    private const int MostWords = 12;
    private const int MostCharacters = 40;
    private const int PathCharacters = 300;

    public static JobFailure NotGiven() => new(
        FailureCodes.LibraryMissing,
        JobStage.FetchingShorts,
        "No library folder is named, so there is nowhere to take clips from; name one with --library DIR.");

    public static JobFailure NotThere(string folder, bool isFile) => new(
        FailureCodes.LibraryMissing,
        JobStage.FetchingShorts,
        $"The library {OneLine.Of(folder, PathCharacters)} {(isFile ? "is a file, not a folder" : "is not there")}; name a folder of clips with --library DIR.");

    public static JobFailure Empty(string folder, int otherFiles) => new(
        FailureCodes.LibraryEmpty,
        JobStage.FetchingShorts,
        string.Create(CultureInfo.InvariantCulture, $"The library {OneLine.Of(folder, PathCharacters)} holds no clip ({Files(otherFiles)}); put {Endings()} files in it."));

    /// <summary>Names the words that would find most, so that the next query can be one of them.</summary>
    public static JobFailure NothingMatches(string query, string folder, ImmutableArray<LibraryClip> clips)
    {
        var words = clips
            .SelectMany(clip => clip.Words)
            .Where(word => word.Length > 1 && !word.All(char.IsDigit))
            .GroupBy(word => word, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .ToList();
        var listed = words
            .Take(MostWords)
            .Select(group => string.Create(CultureInfo.InvariantCulture, $"{OneLine.Of(group.Key, MostCharacters)} ({group.Count()})"));
        var more = words.Count > MostWords ? string.Create(CultureInfo.InvariantCulture, $" and {words.Count - MostWords} more") : "";
        var there = words.Count > 0 ? $"; their words are {string.Join(", ", listed)}{more}" : "";
        return new JobFailure(
            FailureCodes.NoClipMatches,
            JobStage.FetchingShorts,
            string.Create(
                CultureInfo.InvariantCulture,
                $"No clip matches “{OneLine.Of(query, 200)}” among the {clips.Length} in {OneLine.Of(folder, PathCharacters)}{there}; ask for one of them, or set {AnyClip} to use any."));
    }

    /// <summary>The field, as the API has it; who was asked on a command line shows its own word for it.</summary>
    internal const string AnyClip = "any_clip=true";

    private static string Files(int count) => count switch
    {
        0 => "it has no files at all",
        1 => "1 file of another kind",
        _ => string.Create(CultureInfo.InvariantCulture, $"{count} files of other kinds"),
    };

    private static string Endings() => string.Join(", ", FolderScan.Extensions[..^1]) + " or " + FolderScan.Extensions[^1];
}
