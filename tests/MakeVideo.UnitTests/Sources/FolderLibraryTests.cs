using System.Globalization;
using System.Runtime.Versioning;
using MakeVideo.Contracts;
using MakeVideo.Sources;
using Xunit;

namespace MakeVideo.UnitTests.Sources;

public sealed class FolderLibraryTests : IDisposable
{
    private readonly ClipFolder clips = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => clips.Dispose();

    [Fact]
    public async Task Clips_are_found_by_name_tag_and_folder_at_any_depth_in_that_order()
    {
        clips.Add("books/shelf/a.mp4");
        clips.Add("old-book.MKV");
        clips.Add("b.webm");
        clips.Add("b.webm.json", """{"tags": ["Book", "paper"]}""");
        clips.Add("car.mp4");
        clips.Add("book.txt");

        Assert.Equal(["old-book.MKV", "b.webm", "books/shelf/a.mp4"], await clips.FindAsync("Books!"));
    }

    [Fact]
    public async Task More_of_the_query_ranks_higher_and_ties_go_by_path()
    {
        clips.Add("night.mp4");
        clips.Add("walk.mp4");
        clips.Add("night walk.mp4");

        Assert.Equal(["night walk.mp4", "night.mp4", "walk.mp4"], await clips.FindAsync("walking at night"));
    }

    [Fact]
    public async Task A_sidecar_gives_title_and_credit_and_is_found_beside_either_name()
    {
        clips.Add("x1.mp4");
        clips.Add("x1.json", """{"title": "Harbour at\n dawn", "credit": "Ann", "tags": "boat, sea", "more": {"ignored": 1}}""");

        var clip = Assert.Single((await clips.SearchAsync("sea")).Value!.Candidates);

        Assert.Equal(("library", "Harbour at  dawn", "Ann"), (clip.Source, clip.Title, clip.Credit));
        Assert.Matches("^[A-Za-z0-9_-]{22,64}$", clip.Id);
        Assert.Equal(["x1.mp4"], await clips.FindAsync("harbours"));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("""{"tags": [[[[[[[[[[[]]]]]]]]]]]}""")]
    [InlineData("""{"title": 3, "tags": {"a": 1}, "credit": null}""")]
    public async Task A_broken_sidecar_costs_only_the_sidecar(string json)
    {
        clips.Add("cat.mp4");
        clips.Add("cat.mp4.json", json);

        Assert.Equal(["cat.mp4"], await clips.FindAsync("cat"));
    }

    [Fact]
    public async Task A_sidecar_of_a_megabyte_is_not_read()
    {
        clips.Add("cat.mp4");
        clips.Add("cat.mp4.json", $$"""{"tags": ["dog"], "title": "{{new string('x', 1_000_000)}}"}""");

        Assert.Equal(FailureCodes.NoClipMatches, (await clips.SearchAsync("dog")).Failure!.Code);
    }

    [Fact]
    public async Task Hidden_files_and_folders_are_skipped()
    {
        clips.Add(".cat.mp4");
        clips.Add(".trash/cat.mp4");
        clips.Add("cat.mp4");

        Assert.Equal(["cat.mp4"], await clips.FindAsync("cat"));
    }

    [Fact]
    public async Task Links_are_followed_without_circles_and_no_file_comes_twice()
    {
        var cat = clips.Add("pets/cat.mp4");
        Directory.CreateSymbolicLink(Path.Combine(clips.Root, "pets", "again"), clips.Root);
        Directory.CreateSymbolicLink(Path.Combine(clips.Root, "a-link"), Path.Combine(clips.Root, "pets"));
        File.CreateSymbolicLink(Path.Combine(clips.Root, "cat-link.mp4"), cat);
        File.CreateSymbolicLink(Path.Combine(clips.Root, "cat-gone.mp4"), Path.Combine(clips.Root, "nowhere.mp4"));
        File.CreateSymbolicLink(Path.Combine(clips.Root, "cat-self.mp4"), Path.Combine(clips.Root, "cat-self.mp4"));
        var elsewhere = Directory.CreateDirectory(Path.Combine(clips.Outside, "elsewhere")).FullName;
        File.WriteAllText(Path.Combine(elsewhere, "cat2.mp4"), "clip");
        Directory.CreateSymbolicLink(Path.Combine(clips.Root, "more"), elsewhere);

        Assert.Equal(["../elsewhere/cat2.mp4", "pets/cat.mp4"], await clips.FindAsync("cat"));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task An_unreadable_folder_costs_only_itself()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "Nothing is unreadable to root.");
        clips.Add("shut/cat.mp4");
        clips.Add("open/cat.mp4");
        var shut = Path.Combine(clips.Root, "shut");
        File.SetUnixFileMode(shut, UnixFileMode.None);

        try
        {
            Assert.Equal(["open/cat.mp4"], await clips.FindAsync("cat"));
        }
        finally
        {
            File.SetUnixFileMode(shut, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public async Task A_changed_file_is_another_clip_and_an_unchanged_one_the_same()
    {
        var path = clips.Add("cat.mp4");
        var first = (await clips.SearchAsync("cat")).Value!.Candidates[0].Id;
        Assert.Equal(first, (await clips.SearchAsync("cat")).Value!.Candidates[0].Id);

        File.AppendAllText(path, "more");
        Assert.NotEqual(first, (await clips.SearchAsync("cat")).Value!.Candidates[0].Id);
    }

    [Fact]
    public async Task Pages_hold_fifty_and_together_each_clip_once_even_when_the_folder_grows_meanwhile()
    {
        foreach (var number in Enumerable.Range(0, 120))
        {
            clips.Add(string.Create(CultureInfo.InvariantCulture, $"cat {number:000}.mp4"));
        }

        var found = new List<string>();
        var sizes = new List<int>();
        string? next = null;
        do
        {
            var page = (await clips.SearchAsync("cat", page: next)).Value!;
            clips.Add("cat 000a.mp4");
            sizes.Add(page.Candidates.Length);
            found.AddRange(page.Candidates.Select(clip => clip.Title));
            next = page.Next;
        }
        while (next is not null);

        Assert.Equal([50, 50, 20], sizes);
        Assert.Equal(Enumerable.Range(0, 120).Select(number => $"cat {number:000}"), found);
    }

    [Fact]
    public async Task When_nothing_matches_the_message_says_what_there_is_and_how_to_take_any()
    {
        clips.Add("cat one.mp4");
        clips.Add("cat two.mp4");

        var failure = (await clips.SearchAsync("zebra\n")).Failure!;

        Assert.Equal(FailureCodes.NoClipMatches, failure.Code);
        Assert.Contains("“zebra” among the 2 in ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("cat (2), one (1), two (1)", failure.Message, StringComparison.Ordinal);
        Assert.Contains("any_clip=true", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public async Task What_there_is_is_told_in_bounds()
    {
        foreach (var number in Enumerable.Range(0, 300))
        {
            clips.Add($"{new string((char)('a' + (number % 26)), 100)}{number}.mp4");
        }

        Assert.InRange((await clips.SearchAsync("zebra")).Failure!.Message.Length, 1, 1500);
    }

    [Fact]
    public async Task Any_clip_offers_the_whole_library_what_matches_first()
    {
        clips.Add("z cat.mp4");
        clips.Add("b.mp4");
        clips.Add("a.mp4");

        Assert.Equal(["z cat.mp4", "a.mp4", "b.mp4"], await clips.FindAsync("cat", anyClip: true));
        Assert.Equal(["a.mp4", "b.mp4", "z cat.mp4"], await clips.FindAsync("zebra", anyClip: true));
    }

    [Fact]
    public async Task A_library_that_is_missing_a_file_or_empty_says_so()
    {
        Assert.Equal(FailureCodes.LibraryMissing, await CodeAsync(null));
        Assert.Equal(FailureCodes.LibraryMissing, await CodeAsync(Path.Combine(clips.Root, "nowhere")));
        Assert.Equal(FailureCodes.LibraryMissing, await CodeAsync(clips.Add("notes.txt")));
        Assert.Equal(FailureCodes.LibraryEmpty, await CodeAsync(clips.Root));
    }

    [Fact]
    public async Task A_page_token_of_somebody_else_is_refused() =>
        Assert.Equal(FailureCodes.InvalidRequest, (await clips.SearchAsync("cat", page: "-1")).Failure!.Code);

    private async Task<string?> CodeAsync(string? folder) => (await clips.Library.SearchAsync(new FootageQuery("cat", true, folder), null, Cancellation)).Failure?.Code;
}
