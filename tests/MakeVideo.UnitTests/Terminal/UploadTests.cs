using System.Security.Cryptography;
using MakeVideo.Contracts;
using MakeVideo.Terminal.Make;
using Xunit;

namespace MakeVideo.UnitTests.Terminal;

public sealed class UploadTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("makevideo-upload-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_copy_is_whole_hashed_and_leaves_nothing_else()
    {
        var bytes = new byte[300_001];
        new Random(3).NextBytes(bytes);
        await File.WriteAllBytesAsync(In("from"), bytes, Cancellation);

        var hash = await Upload.CopyAsync(In("from"), In("deep/to"), Cancellation);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), hash);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(In("deep/to"), Cancellation));
        Assert.Single(Directory.GetFileSystemEntries(In("deep")));
    }

    [Fact]
    public async Task A_copy_that_fails_or_is_stopped_leaves_what_was_there()
    {
        await File.WriteAllTextAsync(In("to"), "old", Cancellation);
        await File.WriteAllBytesAsync(In("from"), new byte[1_000_000], Cancellation);

        await Assert.ThrowsAsync<FileNotFoundException>(() => Upload.CopyAsync(In("missing"), In("to"), Cancellation));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Upload.CopyAsync(In("from"), In("to"), new CancellationToken(canceled: true)));

        Assert.Equal("old", await File.ReadAllTextAsync(In("to"), Cancellation));
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder).Length);
    }

    [Fact]
    public async Task The_video_and_its_subtitles_are_delivered_side_by_side()
    {
        var data = await PublishedAsync();

        Assert.Null(await Delivery.CopyAsync(data, "job", 1, In("v.mp4")));

        Assert.Equal("video", await File.ReadAllTextAsync(In("v.mp4"), Cancellation));
        Assert.Equal("words", await File.ReadAllTextAsync(In("v.srt"), Cancellation));
    }

    [Fact]
    public async Task A_video_that_cannot_be_delivered_is_not_lost()
    {
        var data = await PublishedAsync();
        Directory.CreateDirectory(In("v.mp4"));

        var failure = await Delivery.CopyAsync(data, "job", 1, In("v.mp4"));

        Assert.Equal(FailureCodes.OutputNotWritable, failure?.Code);
        Assert.Contains(data.Video("job", 1), failure!.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder, "*.part"));
    }

    [Fact]
    public async Task No_subtitles_stand_alone_and_a_video_without_them_is_told()
    {
        var data = await PublishedAsync();
        Directory.CreateDirectory(In("v.mp4"));
        Directory.CreateDirectory(In("w.srt"));

        await Delivery.CopyAsync(data, "job", 1, In("v.mp4"));
        var failure = await Delivery.CopyAsync(data, "job", 1, In("w.mp4"));

        Assert.False(File.Exists(In("v.srt")));
        Assert.True(File.Exists(In("w.mp4")));
        Assert.Contains(In("w.srt"), failure!.Message, StringComparison.Ordinal);
        Assert.Contains(data.Subtitles("job", 1), failure.Message, StringComparison.Ordinal);
    }

    private async Task<DataFolder> PublishedAsync()
    {
        var data = new DataFolder(In("data"));
        Directory.CreateDirectory(data.Published("job"));
        await File.WriteAllTextAsync(data.Video("job", 1), "video", Cancellation);
        await File.WriteAllTextAsync(data.Subtitles("job", 1), "words", Cancellation);
        return data;
    }

    private string In(string name) => Path.Combine(_folder, name);
}
