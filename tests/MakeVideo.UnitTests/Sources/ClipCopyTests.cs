using System.Security.Cryptography;
using MakeVideo.Contracts;
using Xunit;

namespace MakeVideo.UnitTests.Sources;

public sealed class ClipCopyTests : IDisposable
{
    private readonly ClipFolder clips = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Target => Path.Combine(clips.Outside, "copy");

    public void Dispose() => clips.Dispose();

    [Fact]
    public async Task A_clip_is_copied_whole_and_hashed_with_progress()
    {
        var bytes = RandomNumberGenerator.GetBytes(1_000_003);
        await File.WriteAllBytesAsync(Path.Combine(clips.Root, "cat.mp4"), bytes, Cancellation);
        var progress = new Reports();

        var fetched = await clips.Library.FetchAsync(await CatAsync(), Target, bytes.Length, progress, Cancellation);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), fetched.Value);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Target, Cancellation));
        Assert.True(progress.Fractions.Count > 1);
        Assert.Equal(progress.Fractions.Order(), progress.Fractions);
        Assert.Equal(1, progress.Fractions[^1]);
    }

    [Fact]
    public async Task One_byte_over_the_limit_is_too_large()
    {
        clips.Add("cat.mp4", "12345");

        await RefusedAsync(FailureCodes.ClipTooLarge, await CatAsync(), maxBytes: 4);
    }

    [Fact]
    public async Task An_empty_file_is_offered_but_refused()
    {
        clips.Add("cat.mp4", "");

        await RefusedAsync(FailureCodes.ClipEmpty, await CatAsync());
    }

    [Fact]
    public async Task A_clip_that_went_away_or_became_a_folder_is_missing()
    {
        var path = clips.Add("cat.mp4");
        var cat = await CatAsync();
        File.Delete(path);
        await RefusedAsync(FailureCodes.ClipMissing, cat);

        Directory.CreateDirectory(path);
        await RefusedAsync(FailureCodes.ClipMissing, cat);
    }

    [Fact]
    public async Task A_clip_that_changed_since_it_was_found_is_missing()
    {
        var path = clips.Add("cat.mp4");
        var cat = await CatAsync();
        await File.AppendAllTextAsync(path, "more", Cancellation);

        await RefusedAsync(FailureCodes.ClipMissing, cat);
    }

    [Fact]
    public async Task A_clip_that_changes_while_it_is_copied_is_missing()
    {
        var path = clips.Add("cat.mp4", new string('x', 3_000_000));
        var cat = await CatAsync();

        await RefusedAsync(FailureCodes.ClipMissing, cat, progress: new Reports(() => File.AppendAllText(path, "more")));
    }

    [Fact]
    public async Task A_locator_that_no_search_gave_is_refused()
    {
        clips.Add("cat.mp4");
        var secret = Path.Combine(clips.Outside, "secret");
        await File.WriteAllTextAsync(secret, "secret", Cancellation);

        await RefusedAsync(FailureCodes.ClipMissing, await CatAsync() with { Locator = secret });
    }

    [Fact]
    public async Task A_full_disk_is_said_to_be_full_and_can_be_retried()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "No /dev/full here.");
        clips.Add("cat.mp4");
        File.CreateSymbolicLink(Target, "/dev/full");

        var failure = await RefusedAsync(FailureCodes.DiskFull, await CatAsync());

        Assert.True(failure.Retryable);
        Assert.True(File.Exists("/dev/full"));
    }

    [Fact]
    public async Task A_cancelled_copy_leaves_nothing()
    {
        clips.Add("cat.mp4", new string('x', 3_000_000));
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await clips.Library.FetchAsync(await CatAsync(), Target, long.MaxValue, new Reports(stop.Cancel), stop.Token));
        Assert.False(Path.Exists(Target));
    }

    private async Task<ClipCandidate> CatAsync() => (await clips.SearchAsync("cat")).Value!.Candidates[0];

    private async Task<JobFailure> RefusedAsync(string code, ClipCandidate clip, long maxBytes = long.MaxValue, IProgress<double>? progress = null)
    {
        var failure = (await clips.Library.FetchAsync(clip, Target, maxBytes, progress, Cancellation)).Failure!;
        Assert.Equal(code, failure.Code);
        Assert.DoesNotContain('\n', failure.Message);
        Assert.False(Path.Exists(Target));
        return failure;
    }

    /// <summary>Reports at once, on the caller's thread, unlike <see cref="Progress{T}"/>.</summary>
    private sealed class Reports(Action? onFirst = null) : IProgress<double>
    {
        public List<double> Fractions { get; } = [];

        public void Report(double value)
        {
            if (Fractions.Count == 0)
            {
                onFirst?.Invoke();
            }

            Fractions.Add(value);
        }
    }
}
