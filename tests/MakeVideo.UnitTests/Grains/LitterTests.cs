using MakeVideo.Contracts;
using MakeVideo.Grains.Cluster;
using Microsoft.Extensions.Logging.Abstractions;

namespace MakeVideo.UnitTests.Grains;

public sealed class LitterTests : IDisposable
{
    private readonly DataFolder _data = new(Directory.CreateTempSubdirectory("makevideo-litter-").FullName);

    [Theory]
    [InlineData("clips/youtube/abc.0123456789abcdef0123456789abcdef.part", true)]
    [InlineData("clips/yt-dlp/.yt-dlp-0123/clip", true)]
    [InlineData("work/0123456789abcdef0123456789abcdef/frames.rgb", true)]
    [InlineData("work/listen-0123456789abcdef-0123456789abcdef0123456789abcdef/speech.wav", true)]
    [InlineData("clips/youtube/abc", false)]
    [InlineData("work/2XKpDqY7oWvJ4mN8sR1tZ6/a1/compose/video.mp4", false)]
    public void Old_litter_goes_and_what_has_an_owner_stays(string path, bool litter)
    {
        var file = Write(path, DateTime.UtcNow.AddHours(-3));

        Assert.Equal(litter ? 1 : 0, Sweep());
        Assert.Equal(!litter, File.Exists(file));
        Assert.Equal(0, Sweep());
    }

    [Fact]
    public void A_folder_is_as_young_as_the_youngest_file_in_it()
    {
        Write("work/0123456789abcdef0123456789abcdef/old", DateTime.UtcNow.AddHours(-3));
        var young = Write("work/0123456789abcdef0123456789abcdef/frames.rgb", DateTime.UtcNow.AddMinutes(-1));

        Assert.Equal(0, Sweep());
        Assert.True(File.Exists(young));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_clean() => Assert.Equal(0, Sweep());

    public void Dispose() => Directory.Delete(_data.Root, recursive: true);

    private int Sweep() => new Litter(TimeProvider.System, NullLogger<Litter>.Instance).Sweep(_data);

    private string Write(string path, DateTime written)
    {
        var file = Path.Combine(_data.Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "x");
        File.SetLastWriteTimeUtc(file, written);
        for (var folder = Path.GetDirectoryName(file)!; folder != _data.Root; folder = Path.GetDirectoryName(folder)!)
        {
            Directory.SetLastWriteTimeUtc(folder, written);
        }

        return file;
    }
}
