using System.Collections.Immutable;
using MakeVideo.Contracts;
using MakeVideo.Sources;
using MakeVideo.Sources.Library;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MakeVideo.UnitTests.Sources;

/// <summary>A library in a temporary folder, and what searches it.</summary>
internal sealed class ClipFolder : IDisposable
{
    private readonly string parent = Directory.CreateTempSubdirectory("makevideo-library-").FullName;

    public ClipFolder()
    {
        Root = Path.Combine(parent, "clips");
        Directory.CreateDirectory(Root);
        Library = new FolderLibrary(new FolderScan(NullLogger<FolderScan>.Instance), Clock);
    }

    public string Root { get; }

    public string Outside => parent;

    public FakeTimeProvider Clock { get; } = new();

    public FolderLibrary Library { get; }

    public string Add(string name, string content = "clip")
    {
        var path = Path.Combine(Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    public Task<Outcome<FootagePage>> SearchAsync(string text, bool anyClip = false, string? page = null) =>
        Library.SearchAsync(new FootageQuery(text, anyClip, Root), page, Xunit.TestContext.Current.CancellationToken);

    /// <summary>Paths below the library that a search offers, in its order.</summary>
    public async Task<ImmutableArray<string>> FindAsync(string text, bool anyClip = false) =>
        [.. (await SearchAsync(text, anyClip)).Value!.Candidates.Select(clip => Path.GetRelativePath(Root, clip.Locator))];

    public void Dispose() => Directory.Delete(parent, recursive: true);
}
