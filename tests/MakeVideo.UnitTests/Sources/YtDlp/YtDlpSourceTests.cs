using System.Diagnostics.Metrics;
using System.Diagnostics;
using System.Security.Cryptography;
using MakeVideo.Contracts;
using MakeVideo.Hosting;
using MakeVideo.Media.Processes;
using MakeVideo.Sources;
using MakeVideo.Sources.Http;
using MakeVideo.Sources.YtDlp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace MakeVideo.UnitTests.Sources.YtDlp;

/// <summary>A real child process stands in for yt-dlp: a script that notes its arguments and does what the test says.</summary>
public sealed class YtDlpSourceTests : IDisposable
{
    private static readonly ClipCandidate Clip = new("yt-dlp", "-abc_DEF123", "https://www.youtube.com/watch?v=-abc_DEF123", "a clip");

    private readonly string folder = Directory.CreateTempSubdirectory("makevideo-ytdlp-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Target => Path.Combine(folder, "clips", "target");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Results_are_read_a_line_each_and_bad_ones_cost_only_themselves()
    {
        var source = Script("""
            echo '{"id":"-abc_DEF123","title":"A clip","duration":12.5,"channel":"A channel","extra":[1]}'
            echo '{"id":"../../etc","duration":5}'
            echo '{"id":"live","duration":null}'
            echo '{"id":"nan","duration":NaN}'
            echo '{"id":"film","duration":7200}'
            echo 'not json'
            echo '{"id":"-abc_DEF123","duration":5}'
            echo '{"id":"second","duration":30}'
            """);

        var found = (await source.SearchAsync(new("city", false, null), null, Cancellation)).Value!;

        Assert.Equal(["-abc_DEF123", "second"], found.Candidates.Select(clip => clip.Id));
        Assert.Equal(("A clip", "A channel", 12.5), (found.Candidates[0].Title, found.Candidates[0].Credit, found.Candidates[0].Seconds));
        Assert.Null(found.Next);
    }

    [Theory]
    [InlineData("--exec=touch /tmp/owned")]
    [InlineData("; rm -rf / $(id) `id` | cat")]
    [InlineData("two\nlines")]
    public async Task The_query_is_one_argument_behind_the_options(string query)
    {
        await Script("").SearchAsync(new(query, false, null), null, Cancellation);

        var arguments = await File.ReadAllLinesAsync(Path.Combine(folder, "arguments"), Cancellation);
        Assert.Equal(["--", $"ytsearch50:{query.Replace('\n', ' ')}"], arguments[^2..]);
        Assert.DoesNotContain(query, arguments[..^2]);
    }

    [Fact]
    public async Task A_clip_is_fetched_whole_and_hashed_with_progress()
    {
        var seen = new List<double>();
        var fetched = await Script("""
            echo 'makevideo-progress 5 10'
            echo 'makevideo-progress NA NA'
            echo 'makevideo-progress 10 10'
            printf 0123456789 > clip
            """).FetchAsync(Clip, Target, 10, new Reports(seen), Cancellation);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("0123456789"u8)), fetched.Value);
        Assert.Equal("0123456789", await File.ReadAllTextAsync(Target, Cancellation));
        Assert.Equal([0.5, 1], seen);
        Assert.Equal(["target"], Directory.GetFileSystemEntries(Path.GetDirectoryName(Target)!).Select(Path.GetFileName));
        Assert.Equal(["--", Clip.Locator], (await File.ReadAllLinesAsync(Path.Combine(folder, "arguments"), Cancellation))[^2..]);
    }

    [Theory]
    [InlineData("echo 'ERROR: [youtube] x: Video unavailable' >&2; exit 1", FailureCodes.ClipMissing, false)]
    [InlineData("echo 'ERROR: HTTP Error 429: Too Many Requests' >&2; exit 1", FailureCodes.UpstreamThrottled, true)]
    [InlineData("echo 'ERROR: Unable to download: Temporary failure in name resolution' >&2; exit 1", FailureCodes.UpstreamUnavailable, true)]
    [InlineData("echo 'ERROR: nsig extraction failed' >&2; exit 1", FailureCodes.UpstreamFailed, true)]
    [InlineData("echo 'ERROR: unable to write data: [Errno 28] No space left on device' >&2; exit 1", FailureCodes.DiskFull, true)]
    [InlineData("printf 01234567890 > clip", FailureCodes.ClipTooLarge, false)]
    [InlineData("echo 'File is larger than max-filesize'; exit 0", FailureCodes.ClipTooLarge, false)]
    [InlineData("echo 'makevideo-progress 11 NA'; sleep 20", FailureCodes.ClipTooLarge, false)]
    [InlineData(": > clip", FailureCodes.ClipEmpty, false)]
    public async Task What_goes_wrong_is_told_apart_and_leaves_nothing(string script, string code, bool retryable)
    {
        var started = Stopwatch.StartNew();
        var failure = (await Script(script).FetchAsync(Clip, Target, 10, null, Cancellation)).Failure!;

        Assert.Equal((code, retryable), (failure.Code, failure.Retryable));
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(Target)!));
        Assert.True(started.Elapsed < TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_said()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Target)!);
        var failure = (await Source("/no/such/yt-dlp").FetchAsync(Clip, Target, 10, null, Cancellation)).Failure!;

        Assert.Equal(FailureCodes.ToolMissing, failure.Code);
        Assert.Contains("Upstreams:YtDlp:Path", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_id_that_no_video_has_starts_nothing()
    {
        var failure = (await Script("").FetchAsync(Clip with { Id = "--exec" + new string('x', 60) }, Target, 10, null, Cancellation)).Failure!;

        Assert.Equal(FailureCodes.ClipMissing, failure.Code);
        Assert.False(File.Exists(Path.Combine(folder, "arguments")));
    }

    private YtDlpSource Script(string does)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Target)!);
        var program = Path.Combine(folder, "yt-dlp");
        File.WriteAllText(program, $"#!/bin/sh\nprintf '%s\\n' \"$@\" > {folder}/arguments\n{does.ReplaceLineEndings("\n")}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        return Source(program);
    }

    private static IMeterFactory Meters { get; } = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();

    private static YtDlpSource Source(string program) => new(
        new ToolProcess(new FfmpegProcess(TimeProvider.System, new(Meters), NullLogger<FfmpegProcess>.Instance)), new LocalUpstreamGate(TimeProvider.System), program, TimeProvider.System);

    private sealed class Reports(List<double> seen) : IProgress<double>
    {
        public void Report(double value) => seen.Add(value);
    }
}
