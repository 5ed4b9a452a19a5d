using CsCheck;
using MakeVideo.Gateway.Uploads;

namespace MakeVideo.UnitTests.Gateway;

public sealed class AudioSniffTests
{
    [Theory]
    [InlineData("mp3 with a tag", "494433040000000000230000")]
    [InlineData("mp3 frame, MPEG 1 layer III", "FFFB90640000000000000000")]
    [InlineData("mp3 frame, MPEG 2 layer III", "FFF384C40000000000000000")]
    [InlineData("wav", "524946462400000057415645")]
    [InlineData("m4a", "00000020667479704D344120")]
    [InlineData("mp4", "000000186674797069736F6D")]
    [InlineData("ogg", "4F67675300020000000000000000")]
    [InlineData("aac, ADTS", "FFF15080022FFCDE02004C61")]
    [InlineData("flac", "664C61430000002210001000")]
    public void Takes_audio(string what, string head) => Assert.True(AudioSniff.IsAudio(Convert.FromHexString(head)), what);

    [Theory]
    [InlineData("png", "89504E470D0A1A0A0000000D49484452")]
    [InlineData("jpeg", "FFD8FFE000104A4649460001")]
    [InlineData("gif", "474946383961010001008000")]
    [InlineData("webp, a RIFF too", "524946462400000057454250")]
    [InlineData("avi, a RIFF too", "524946462400000041564920")]
    [InlineData("heic, an ISO file too", "000000186674797068656963")]
    [InlineData("avif, an ISO file too", "0000001C6674797061766966")]
    [InlineData("UTF-16 text", "FFFE680065006C006C006F00")]
    [InlineData("erased flash", "FFFFFFFFFFFFFFFFFFFFFFFF")]
    [InlineData("m3u8", "234558544D33550A23455854")]
    [InlineData("ffconcat", "6666636F6E6361742076657273")]
    [InlineData("html", "3C21444F4354595045206874")]
    [InlineData("half a wav head", "524946462400000057")]
    [InlineData("nothing", "")]
    public void Refuses_the_rest(string what, string head) => Assert.False(AudioSniff.IsAudio(Convert.FromHexString(head)), what);

    [Fact]
    public void Never_throws() => Gen.Byte.Array[0, 40].Sample(head => AudioSniff.IsAudio(head) || true);
}
