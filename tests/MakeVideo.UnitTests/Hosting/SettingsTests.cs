using MakeVideo.Grains.Clips;
using MakeVideo.Hosting;
using MakeVideo.Media.BurnedText;
using MakeVideo.Sources.Http;
using Microsoft.Extensions.Configuration;

namespace MakeVideo.UnitTests.Hosting;

public sealed class SettingsTests
{
    [Fact]
    public void Settings_override_the_defaults_and_leave_the_others()
    {
        var options = Settings.Read<BurnedTextOptions>(With("BurnedText:Threshold", "0.7"), "BurnedText");

        Assert.Equal(0.7, options.Threshold);
        Assert.Equal(3, options.FramesPerSecond);
    }

    [Theory]
    [InlineData("BurnedText:Threshold", "7")]
    [InlineData("BurnedText:FramesPerSecond", "0")]
    [InlineData("BurnedText:Threshold", "high")]
    public void A_setting_of_the_veto_that_makes_no_sense_is_named(string setting, string value)
    {
        var refused = Assert.Throws<SettingException>(() => Settings.Read<BurnedTextOptions>(With(setting, value), "BurnedText"));

        Assert.Contains(setting, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ClipCache:MostBytes", "-1")]
    [InlineData("ClipCache:UnusedFor", "00:00:00")]
    [InlineData("ClipCache:Down", "1.5")]
    public void A_setting_of_the_cache_that_makes_no_sense_is_named(string setting, string value)
    {
        var refused = Assert.Throws<SettingException>(() => Settings.Read<ClipCacheOptions>(With(setting, value), "ClipCache"));

        Assert.Contains(setting, refused.Message, StringComparison.Ordinal);
    }

    private static IConfiguration With(string setting, string value) => new ConfigurationBuilder().AddInMemoryCollection([new(setting, value)]).Build();
}
