using MakeVideo.Contracts;
using MakeVideo.Gateway.Uploads;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MakeVideo.UnitTests.Gateway;

public sealed class AbandonedUploadsTests : IDisposable
{
    private readonly DataFolder _data = new(Directory.CreateTempSubdirectory("makevideo-abandoned-").FullName);
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);

    [Fact]
    public void Only_a_partial_upload_that_has_been_still_for_an_hour_is_removed()
    {
        var abandoned = Upload("audio.part", minutesAgo: 61);
        var running = Upload("audio.part", minutesAgo: 59);
        var whole = Upload("audio", minutesAgo: 10_000);
        var mixed = Upload("audio", minutesAgo: 10_000);
        File.WriteAllText(Path.Combine(mixed, "script.part"), "just now");

        Assert.Equal(1, new AbandonedUploads(_data, _clock, NullLogger<AbandonedUploads>.Instance).Remove());
        Assert.False(Directory.Exists(abandoned));
        Assert.True(Directory.Exists(running) && Directory.Exists(whole) && Directory.Exists(mixed));
    }

    [Fact]
    public void A_new_data_folder_is_fine() => Assert.Equal(0, new AbandonedUploads(new(Path.Combine(_data.Root, "none")), _clock, NullLogger<AbandonedUploads>.Instance).Remove());

    public void Dispose() => Directory.Delete(_data.Root, recursive: true);

    private string Upload(string file, int minutesAgo)
    {
        var folder = Directory.CreateDirectory(_data.Upload(JobIds.Create())).FullName;
        File.WriteAllText(Path.Combine(folder, file), "bytes");
        File.SetLastWriteTimeUtc(Path.Combine(folder, file), _clock.GetUtcNow().UtcDateTime.AddMinutes(-minutesAgo));
        return folder;
    }
}
